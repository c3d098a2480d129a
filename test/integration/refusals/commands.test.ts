/** Refusals of commands on one folder, whose daemon trains a small job of the owner's data. */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { blobPathOf, trainedTable } from "./trained-table.ts";
import type { TrainedTable } from "./trained-table.ts";
import { ended, TestHome } from "../processes/run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\n');
let trained: TrainedTable;

beforeAll(async () => {
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  trained = await trainedTable(home);
});
afterAll(() => home.remove());

/** Runs a command and expects that it ends with 1 and this code. */
async function expectCode(words: readonly string[], code: string): Promise<void> {
  const ran = await home.run(words);
  expect(ran.stderr).toMatch(new RegExp(`^${code}: .*\\nSafe: .*\\n$`));
  expect(ran.code).toBe(1);
}

describe("a job", () => {
  it("that nobody submitted, or that is not paid, is refused", async () => {
    await expectCode(["job", "show", "f".repeat(63)], "PROCESSES_JOB");
    await home.run(["mine", "pause"]);
    const ran = await home.run(["job", "submit", "digits-cnn", "--json"]);
    const { job } = JSON.parse(ran.stdout) as { job: string };
    await expectCode(["job", "fetch", job], "PROCESSES_NOT_PAID");
  });

  it("of a quote that the daemon does not know is refused", async () => {
    const client = await home.connect();
    const answer = await client?.call("job.order", { quote: "0".repeat(64) });
    client?.close();
    expect(answer).toMatchObject({ ok: false, rejection: { code: "PROCESSES_QUOTE" } });
  });

  it("with a model that cannot be read is refused", async () => {
    const model = join(home.root, "none.json");
    const words = ["job", "submit", "--data", trained.data, "--model", model];
    await expectCode(words, "PROCESSES_MODEL_FILE");
  });
});

describe("trained weights", () => {
  it("are not written below a file", async () => {
    const out = join(trained.data, "weights");
    await expectCode(["job", "fetch", trained.job, "--out", out], "PROCESSES_OUTPUT");
  });

  it("that are gone from this machine are said to be gone", async () => {
    const file = blobPathOf(home, trained.modelBlob);
    const bytes = readFileSync(file);
    rmSync(file);
    await expectCode(["job", "fetch", trained.job], "PROCESSES_WEIGHTS_GONE");
    writeFileSync(file, bytes);
    const out = join(home.root, "weights");
    expect(await home.run(["job", "fetch", trained.job, "--out", out])).toMatchObject({ code: 0 });
  });
});

describe("a command that is interrupted", () => {
  it("says that work in hand is kept", async () => {
    const start = home.spawn(["start", "--once"]);
    const ran = ended(start);
    await new Promise((resolve) => start.stdout?.once("data", resolve));
    start.kill("SIGINT");
    const { code, stderr } = await ran;
    expect(stderr).toContain("PROCESSES_INTERRUPTED: ");
    expect(code).toBe(1);
  });
});

describe("without a daemon", () => {
  it("a receipt that stands under another slot's name is refused", async () => {
    const ran = await home.run(["wallet", "receipt", String(trained.slot), "--json"]);
    const { file } = JSON.parse(ran.stdout) as { file: string };
    await home.run(["stop"]);
    const other = trained.slot + 1_000;
    cpSync(file, file.replace(`${trained.slot}.receipt`, `${other}.receipt`));
    await expectCode(["wallet", "receipt", String(other)], "PROCESSES_RECEIPT_FILE");
  });

  it("a genesis document that is cut is refused, and the folder is left as it is", async () => {
    const whole = readFileSync(home.folder.genesis);
    writeFileSync(home.folder.genesis, whole.subarray(0, 40));
    await expectCode(["up", "--detach"], "NODE_GENESIS_RULE");
    expect(readFileSync(home.folder.genesis)).toEqual(whole.subarray(0, 40));
    writeFileSync(home.folder.genesis, whole);
  });

  it("a folder without a ledger has none to check", async () => {
    const empty = new TestHome();
    const ran = await empty.run(["ledger", "verify"]);
    expect(ran.stderr).toMatch(/^PROCESSES_NO_LEDGER: /);
    await empty.remove();
  });

  it("config.toml that is a folder, or longer than any, is refused", async () => {
    const other = new TestHome(`# ${"x".repeat(70_000)}\n`);
    const long = await other.run(["status"]);
    expect(long.stderr).toMatch(/^PROCESSES_CONFIG_READ: .*too long/);
    rmSync(other.folder.config);
    mkdirSync(other.folder.config);
    expect((await other.run(["status"])).stderr).toMatch(/^PROCESSES_CONFIG_READ: .*EISDIR/);
    rmSync(other.folder.config, { recursive: true });
    await other.remove();
  });
});
