import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { STEPS } from "./crashing-disk.ts";
import { newFolder, openNode, STRANGER, transfer } from "./practice-node.ts";

let folder = "";
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a child until it dies by itself or `killAfter` acknowledgements came; what it was told. */
async function runChild(
  step: string,
  occurrence: number,
  killAfter = Infinity,
): Promise<Map<bigint, bigint>> {
  const script = join(import.meta.dirname, "submitting-child.ts");
  const child = spawn(process.execPath, [script, folder, step, String(occurrence)]);
  let text = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split("\n").length - 2 >= killAfter) child.kill("SIGKILL");
  });
  const signal = await new Promise((resolve) => {
    child.on("close", (_code, by) => resolve(by));
  });
  expect([signal, errors]).toEqual(["SIGKILL", ""]);
  const lines = text.split("\n").filter((line) => line.includes(" "));
  return new Map(lines.map((line) => line.split(" ").map(BigInt) as [bigint, bigint]));
}

/** Opens the folder, and checks that everything acknowledged is where it was said to be. */
async function expectKept(acknowledged: ReadonlyMap<bigint, bigint>): Promise<string[]> {
  const open = await openNode(folder);
  for (const [nonce, slot] of acknowledged) {
    const record = open.node.record(slot);
    expect(record.ok && bytesEqual(record.value, transfer(nonce)), `nonce ${nonce}`).toBe(true);
  }
  const report = await open.node.verify();
  expect([report.code, report.facts]).toEqual([undefined, {}]);
  expect(open.node.account(STRANGER).balanceBase).toBeGreaterThanOrEqual(acknowledged.size);
  await open.close();
  return open.log.lines;
}

describe("a node that is killed", () => {
  it.each(STEPS)("keeps what it acknowledged when it dies at: %s", async (step) => {
    const acknowledged = await runChild(step, 4);
    const lines = await expectKept(acknowledged);
    const signed = STEPS.indexOf(step) >= STEPS.indexOf("votes sync");
    const stored = step === "transaction durable";
    const finished = lines.some((line) => line.includes("was finished"));
    expect(finished, "what was signed and not stored is finished").toBe(signed && !stored);
  });

  it("keeps what it acknowledged over rounds of kill -9 under load", async () => {
    const all = new Map<bigint, bigint>();
    for (const killAfter of [3, 41, 17, 88]) {
      for (const [nonce, slot] of await runChild("", 0, killAfter)) all.set(nonce, slot);
    }
    expect(all.size).toBeGreaterThanOrEqual(149);
    await expectKept(all);
  });
});
