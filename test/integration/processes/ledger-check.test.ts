import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync } from "node:fs";
import { writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { LedgerReport } from "../../../src-main/contract/control-api/index.ts";
import { ended, TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const database = () => join(home.folder.ledger, "database", "data.mdb");

beforeAll(async () => {
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
});

afterAll(() => home.remove());

/** Takes the file's end away while `run` runs; the file itself stays the same, as it is mapped. */
async function withoutEnd<T>(file: string, bytes: number, run: () => Promise<T>): Promise<T> {
  const open = openSync(file, "r+");
  const { size } = fstatSync(open);
  const end = Buffer.alloc(bytes);
  readSync(open, end, 0, bytes, size - bytes);
  ftruncateSync(open, size - bytes);
  try {
    return await run();
  } finally {
    writeSync(open, end, 0, bytes, size - bytes);
    closeSync(open);
  }
}

describe("a check of a running daemon's ledger", () => {
  it("finds it whole, and finds the same as when the daemon has stopped", async () => {
    const ran = await home.run(["ledger", "verify", "--json"]);
    const running = JSON.parse(ran.stdout) as LedgerReport;
    expect(running).toMatchObject({ ok: true, code: null });
    expect(running.slots).toBeGreaterThan(2);
    await home.run(["stop"]);
    const stopped = await home.run(["ledger", "verify", "--json"]);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const { slots, supplyBase, commits } = JSON.parse(stopped.stdout) as LedgerReport;
    expect(slots).toBeGreaterThanOrEqual(running.slots);
    expect(commits).toBeGreaterThanOrEqual(running.commits);
    expect(supplyBase).toBe(running.supplyBase);
  });

  it("says STORE_DAMAGED of a database whose end is gone; the daemon goes on", async () => {
    const pid = await home.daemonPid();
    const { size } = { size: readFileSync(database()).length };
    const keep = 4 * 4_096;
    const ran = await withoutEnd(database(), size - keep, () => home.run(["ledger", "verify"]));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^STORE_DAMAGED: .*data\.mdb, ended SIG/);
    expect(await home.daemonPid()).toBe(pid);
    expect(await home.run(["ledger", "verify"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("says STORE_DAMAGED of a length that leads out of the file; the daemon goes on", async () => {
    const pid = await home.daemonPid();
    const sound = readFileSync(database());
    const longer = Buffer.from(sound);
    // lmdb keeps a value's length in two halves before flags, key length and key.
    for (let at = longer.indexOf("version"); at >= 0;) {
      longer[at - 5] |= 1;
      at = longer.indexOf("version", at + 1);
    }
    writeFileSync(database(), longer, { flag: "r+" });
    const ran = await home.run(["ledger", "verify"]);
    writeFileSync(database(), sound, { flag: "r+" });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^STORE_DAMAGED: .*data\.mdb/);
    expect(await home.daemonPid()).toBe(pid);
  });
});

describe("a check whose process is ended by somebody", () => {
  it.skipIf(process.platform !== "linux")("is told as no answer, not as damage", async () => {
    await home.run(["stop"]);
    const command = home.spawn(["ledger", "verify"]);
    const ran = ended(command);
    const children = `/proc/${command.pid}/task/${command.pid}/children`;
    const child = () => Number(readFileSync(children, "utf8").trim().split(" ")[0]);
    await expect.poll(child, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
    process.kill(child(), "SIGKILL");
    expect(await ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^PROCESSES_LEDGER_CHECK: .*SIGKILL/) as string,
    });
  });
});
