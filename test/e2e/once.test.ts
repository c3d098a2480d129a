import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import type {
  LedgerReport,
  Status,
  UnitResult,
} from "../../src-main/contract/control-api/index.ts";
import { ended, TestHome } from "../integration/processes/run-vivian.ts";

/** A job of seconds, on whatever engine is here. */
const TINY = '[jobs]\nfirst = "digits-tiny"\n';

const homes: TestHome[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

function newHome(config = TINY): TestHome {
  const home = new TestHome(config);
  homes.push(home);
  return home;
}

describe("start --once", () => {
  it("trains, has it checked, is paid, says so, and leaves no daemon behind", async () => {
    const home = newHome();
    const ran = await home.run(["start", "--once"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout.match(/hold-out accuracy \d+\.\d %/g)).toHaveLength(1);
    const last = ran.stdout.trimEnd().split("\n").slice(-6);
    expect(last[0]).toMatch(
      /^Trained: 120 steps, [\d. ]+ steps\/s on .+ \((amx|avx|scalar|neon|plain)/,
    );
    expect(last[1]).toMatch(/^hold-out accuracy \d+\.\d % \(\d+ of 1 000 unseen samples\)$/);
    expect(last[2]).toMatch(
      /^Checked by a separate process: \d+ of \d+ segments \((sampled|full replay)\), all equal; /,
    );
    expect(last[2]).toMatch(/; verification cost [\d.]+ % of training$/);
    expect(last[3]).toMatch(/^Hashing and committing: [\d.]+ % of training/);
    expect(last[4]).toMatch(
      /^Reward paid: [\d.]+ VIV \(practice, no value\): worker .+, verifiers .+, pool .+$/,
    );
    expect(last[5]).toMatch(/^Record slot \d+, receipt .+\.receipt; see it with `.*receipt \d+`$/);
    expect(await home.run(["status"])).toMatchObject({ code: 3 });

    const slot = /Record slot (\d+)/.exec(last[5])?.[1] ?? "";
    await checkLedger(home);
    await checkReceipt(home, slot);
  });

  it("uses a running daemon and leaves it running", async () => {
    const home = newHome();
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const ran = await home.run(["start", "--once", "--json"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout) as UnitResult).toMatchObject({ outcome: "paid", code: null });
    const status = await home.run(["status", "--json"]);
    expect(JSON.parse(status.stdout) as Status).toMatchObject({ jobsOpen: 0, jobsDone: 1 });
    const report = await home.run(["ledger", "verify", "--json"]);
    expect(JSON.parse(report.stdout) as LedgerReport).toMatchObject({ ok: true, code: null });
  });

  it("finishes the job that a killed daemon left, and is paid once", async () => {
    const home = newHome();
    const first = home.spawn(["start", "--once"]);
    const end = ended(first);
    await expect
      .poll(async () => trainedSteps(home), { timeout: 60_000, interval: 50 })
      .toBeGreaterThan(0);
    process.kill(await home.daemonPid(), "SIGKILL");
    const broken = await end;
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/^PROCESSES_DAEMON_ENDED: /);

    const again = await home.run(["start", "--once"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain("Going on with the job in progress.");
    expect(again.stdout).toContain("Reward paid: ");
    await home.run(["up", "--detach"]);
    const status = await home.run(["status", "--json"]);
    expect(JSON.parse(status.stdout) as Status).toMatchObject({ jobsOpen: 0, jobsDone: 1 });
  });

  it("trains in WebAssembly where no native engine is", async () => {
    const home = newHome(TINY);
    const ran = await home.run(["start", "--once"], { VIVIAN_ADDON: "absent" });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^Trained: 120 steps.* wasm \(/m);
    expect(ran.stdout).toContain("Reward paid: ");
  });

  it("trains the small job on the reference, and names what is missing", async () => {
    const home = newHome('[mining]\nengine = "reference"\n');
    const ran = await home.run(["start", "--once"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^The native engine is not here, so digits-tiny .*[Ii]nstall/m);
    expect(ran.stdout).toMatch(/^Trained: 120 steps.* reference \(/m);
    expect(ran.stdout).toContain("Reward paid: ");
  });

  it("refuses a job it does not know, with its code", async () => {
    const home = newHome('[jobs]\nfirst = "digits-huge"\n');
    const ran = await home.run(["start", "--once"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^PROCESSES_LISTING: .*name digits-huge/);
    expect(await home.run(["status"])).toMatchObject({ code: 3 });
  });
});

/** Steps done by the daemon's unit; 0 while none answers. */
async function trainedSteps(home: TestHome): Promise<number> {
  const client = await home.connect();
  if (client === null) return 0;
  const status = await client.call("status", {});
  client.close();
  return status.ok ? (status.value.mine.unit?.step ?? 0) : 0;
}

/** The stopped ledger is whole; with one byte of a record changed it is not. */
async function checkLedger(home: TestHome): Promise<void> {
  expect((await home.run(["ledger", "verify"])).stdout).toMatch(/^The ledger is whole: /);
  const entries = join(home.folder.ledger, "entries");
  const bytes = readFileSync(entries);
  const broken = Buffer.from(bytes);
  broken[Math.floor(broken.length / 2)] ^= 1;
  writeFileSync(entries, broken);
  const damaged = await home.run(["ledger", "verify"]);
  expect(damaged.code).toBe(1);
  expect(damaged.stderr).toMatch(/^(NODE_VERIFY|STORE|LEDGER|CODEC)_[A-Z_]+: /);
  writeFileSync(entries, bytes);
  expect((await home.run(["ledger", "verify"])).code).toBe(0);
}

/** The kept receipt holds without a daemon; with one byte changed it does not. */
async function checkReceipt(home: TestHome, slot: string): Promise<void> {
  const held = await home.run(["wallet", "receipt", slot]);
  expect(held).toMatchObject({ code: 0, stderr: "" });
  expect(held.stdout).toMatch(/effect: unit .+ VIV paid to 0x[0-9a-fA-F]{40} \(worker, minted\)/);
  const [name] = readdirSync(home.folder.receipts);
  const file = join(home.folder.receipts, name);
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  writeFileSync(file, bytes);
  const forged = await home.run(["wallet", "receipt", slot]);
  expect(forged.code).toBe(1);
  expect(forged.stderr).toMatch(/^(LEDGER|CODEC)_[A-Z_]+: /);
}
