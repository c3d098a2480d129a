import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type {
  LedgerReport,
  OutcomeProof,
  SizeProof,
  StateAnswer,
  Wallet,
} from "../../../src-main/contract/control-api/index.ts";
import { makeLonger } from "../crashes/longer-ledger.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const exported = join(home.root, "export");
const snapshot = join(home.root, "state.snapshot");

async function json<T>(words: readonly string[]): Promise<T> {
  const ran = await home.run([...words, "--json"]);
  expect(ran, words.join(" ")).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout) as T;
}

const refused = async (words: readonly string[], code: string) => {
  const ran = await home.run(words);
  expect([ran.code, ran.stderr.split(":")[0]], words.join(" ")).toEqual([1, code]);
};

beforeAll(async () => {
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  await home.run(["stop"]);
  for (let round = 0; round < 3; round += 1) await makeLonger(home.folder);
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
});

afterAll(() => home.remove());

describe("the ledger's verbs", () => {
  it("prove sizes, outcomes and states", async () => {
    const size = await json<SizeProof>(["ledger", "prove", "--since", "300"]);
    expect(size.since).toBe(300);
    expect((await json<OutcomeProof>(["ledger", "prove", "5", "--outcome"])).code).toBe("");
    const wallet = await json<Wallet>(["wallet", "show"]);
    const [{ address }] = wallet.accounts;
    const newest = await json<StateAnswer>(["ledger", "state", address]);
    expect(newest.present).toBe(true);
    const at = String(newest.commit - 1);
    const earlier = await json<StateAnswer>(["ledger", "state", address, "--at", at]);
    expect(earlier.commit).toBe(newest.commit - 1);
    const nobody = `0x${"11".repeat(20)}`;
    expect(await json<StateAnswer>(["ledger", "state", nobody])).toMatchObject({
      present: false,
      balanceBase: "0",
    });
    await refused(["ledger", "state", nobody, "--at", "999999"], "NODE_STATE_EARLY");
    await refused(["ledger", "prove", "--since", "999999"], "NODE_SIZE");
    expect(await home.run(["ledger", "prove"])).toMatchObject({ code: 2 });
  });

  it("export the ledger, check the export, and say what is wrong with another", async () => {
    const made = await json<{ genesis: string; slots: number }>([
      "ledger",
      "export",
      "--to",
      exported,
    ]);
    const url = ["ledger", "verify", "--url"];
    const checked = await json<object>([...url, exported, "--genesis", made.genesis]);
    expect(checked).toMatchObject({ slots: made.slots, executed: false });
    const note = join(home.root, "note");
    const address = pathToFileURL(exported).href;
    expect(await json<object>([...url, address, "--execute", "--progress", note])).toMatchObject({
      executed: true,
    });
    const lines = await home.run([...url, exported]);
    expect(lines.stdout).toMatch(/^The export is whole: .* not executed/);
    await refused([...url, exported, "--genesis", "00".repeat(32)], "EXPORT_GENESIS");
    await refused([...url, join(home.root, "nowhere")], "EXPORT_SOURCE");
    await refused([...url, "http://127.0.0.1:1/"], "EXPORT_UNREACHABLE");
    expect(await home.run([...url, exported, "--genesis", "00"])).toMatchObject({ code: 2 });
    writeFileSync(join(exported, "checkpoint"), "nothing");
    await refused([...url, exported], "EXPORT_CHECKPOINT");
  });

  it("prune beside the daemon, and say honestly what can still be checked", async () => {
    await refused(["ledger", "prune", "--below", "100"], "NODE_PRUNE_FLOOR");
    expect(await json<object>(["ledger", "prune", "--below", "300"])).toMatchObject({ floor: 256 });
    await refused(["ledger", "get", "17"], "NODE_PRUNED");
    await refused(["wallet", "receipt", "17"], "NODE_PRUNED");
    expect((await json<OutcomeProof>(["ledger", "prove", "17", "--outcome"])).slot).toBe(17);
    expect(await home.run(["ledger", "prove", "17"])).toMatchObject({ code: 0 });
    await refused(["ledger", "export", "--to", join(home.root, "none")], "EXPORT_PRUNED");
    const report = await json<LedgerReport>(["ledger", "verify"]);
    expect(report).toMatchObject({ ok: true, prunedBelow: 256 });
    const told = await home.run(["ledger", "verify"]);
    expect(told.stdout).toMatch(/Payloads below slot 256 are pruned: .*snapshot of commit/);
  });

  it("take a snapshot beside the daemon and begin a lost ledger with it", async () => {
    const made = await json<{ commit: number }>(["ledger", "snapshot", "--to", snapshot]);
    await refused(["ledger", "restore", "--from", snapshot], "STORE_LOCKED");
    await home.run(["stop"]);
    await refused(["ledger", "restore", "--from", snapshot], "NODE_RESTORE");
    expect(await home.run(["ledger", "prune", "--below", "512"])).toMatchObject({ code: 0 });
    rmSync(home.folder.ledger, { recursive: true });
    const broken = join(home.root, "broken");
    writeFileSync(broken, readFileSync(snapshot).subarray(0, 1_000));
    await refused(["ledger", "restore", "--from", broken], "SNAPSHOT_DIGEST");
    await refused(["ledger", "restore", "--from", `${broken}-not`], "SNAPSHOT_FILE");
    expect(existsSync(home.folder.ledger)).toBe(false);
    const restored = await json<{ commit: number }>(["ledger", "restore", "--from", snapshot]);
    expect(restored.commit).toBe(made.commit + 1);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
    expect(await home.run(["ledger", "verify"])).toMatchObject({ code: 0 });
    expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
    expect(await home.run(["ledger", "verify"])).toMatchObject({ code: 0 });
  });
});
