/** A machine without people: one settings file from outside, the worker's key beside it. */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import type { Status, Wallet } from "../../../src-main/contract/control-api/index.ts";
import { addressOfSecretKey, addressToText } from "../../../src-main/crypto/index.ts";
import { TestHome } from "./run-vivian.ts";

const PAYOUT = addressToText(addressOfSecretKey(new Uint8Array(32).fill(0xe3)));

const home = new TestHome();
const given = join(home.root, "etc");
const file = join(given, "vivian.toml");
const keyFile = join(given, "worker.key");
const withFile = { VIVIAN_CONFIG: file };
mkdirSync(given);
afterAll(() => home.remove());

function settings(start: boolean): string {
  const lines = [`payoutAddress = "${PAYOUT}"`, "[mining]", `start = ${start}`];
  return [...lines, `worker_key_file = "${keyFile}"`, ""].join("\n");
}

async function walletOf(environment: NodeJS.ProcessEnv = {}): Promise<Wallet> {
  const shown = await home.run(["wallet", "show", "--json"], environment);
  return JSON.parse(shown.stdout) as Wallet;
}

describe("vivian up --config", () => {
  it("comes up from a bare folder, mines, and is paid to the payout address", async () => {
    const made = await home.run(["wallet", "worker-key", "--to", keyFile, "--json"]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const { address } = JSON.parse(made.stdout) as { address: string };
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    writeFileSync(file, settings(true));
    const up = await home.run(["up", "--config", file, "--detach"]);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    expect(existsSync(home.folder.config), "the folder's own settings").toBe(false);
    expect(readdirSync(home.folder.keys)).not.toContain("worker.key");
    const ran = await home.run(["job", "submit", "digits-tiny", "--watch"], withFile);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { accounts, paidBase } = await walletOf(withFile);
    expect(accounts.find(({ role }) => role === "worker")?.address).toBe(address);
    const paid = accounts.find(({ role }) => role === "payout");
    expect(paid?.address).toBe(PAYOUT);
    expect(BigInt(paidBase)).toBeGreaterThan(0n);
    expect(BigInt(paid?.balanceBase ?? "0")).toBe(BigInt(paidBase));
  });

  it("comes up again after a power cut without a word from anybody", async () => {
    process.kill(await home.daemonPid(), "SIGKILL");
    const before = readFileSync(file);
    const up = await home.run(["up", "--detach"], withFile);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    const { stdout } = await home.run(["status", "--json"], withFile);
    expect((JSON.parse(stdout) as Status).mine.state).toMatch(/^(idle|working)$/);
    expect(BigInt((await walletOf(withFile)).paidBase)).toBeGreaterThan(0n);
    expect(readFileSync(file)).toEqual(before);
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
  });

  it("refuses a worker's key that is open, missing, none, or not the ledger's", async () => {
    const key = readFileSync(keyFile);
    chmodSync(keyFile, 0o644);
    const open = await home.run(["up", "--config", file, "--detach"]);
    expect(open.code).toBe(1);
    expect(open.stderr).toContain("WALLET_GIVEN_OPEN");
    expect(statSync(keyFile).mode & 0o777, "what is given is not changed").toBe(0o644);
    rmSync(keyFile);
    const missing = await home.run(["up", "--config", file, "--detach"]);
    expect(missing.stderr).toContain("WALLET_GIVEN_MISSING");
    await home.run(["wallet", "worker-key", "--to", keyFile]);
    const foreign = await home.run(["up", "--config", file, "--detach"]);
    expect(foreign.stderr).toMatch(/^WALLET_KEY_FOREIGN: .*worker\.key/);
    writeFileSync(keyFile, "no key\n", { mode: 0o600 });
    const form = await home.run(["up", "--config", file, "--detach"]);
    expect(form.stderr).toContain("WALLET_KEY_FORM");
    writeFileSync(keyFile, "0".repeat(2_000), { mode: 0o600 });
    const long = await home.run(["up", "--config", file, "--detach"]);
    expect(long.stderr).toContain("WALLET_GIVEN_FORM");
    const credentials = join(home.root, "credentials");
    mkdirSync(credentials);
    writeFileSync(join(credentials, "worker-key"), key, { mode: 0o400 });
    writeFileSync(file, settings(false).replace(keyFile, ""));
    const up = await home.run(["up", "--config", file, "--detach"], {
      CREDENTIALS_DIRECTORY: credentials,
    });
    expect(up, up.stderr).toMatchObject({ code: 0 });
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
  });

  it("refuses a file that is not there or not good, in one line with a code", async () => {
    const none = await home.run(["up", "--config", join(given, "none.toml"), "--detach"]);
    expect(none).toMatchObject({ code: 1 });
    expect(none.stderr).toMatch(/^PROCESSES_CONFIG_READ: .*none\.toml, reason ENOENT/);
    writeFileSync(file, "[mining]\nthread = 2\n");
    const wrong = await home.run(["up", "--config", file, "--detach"]);
    expect(wrong.stderr).toMatch(/^PROCESSES_CONFIG_KEY: .*nearest mining\.threads/);
    expect(await home.run(["config", "check", file])).toMatchObject({ code: 1 });
    writeFileSync(file, '[page]\nmetrics_listen = "0.0.0.0:9464"\n');
    const open = await home.run(["config", "check", file]);
    expect(open.stderr).toMatch(/^PROCESSES_METRICS_OPEN: /);
  });
});

describe("vivian config", () => {
  it("shows, changes and checks, and keeps the file's mode and the owner's words", async () => {
    writeFileSync(file, "# rack 7\n[mining]\nstart = false\n", { mode: 0o644 });
    chmodSync(file, 0o644);
    const set = await home.run(["config", "set", "mining.threads", "3"], withFile);
    expect(set, set.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toBe("# rack 7\n[mining]\nthreads = 3\nstart = false\n");
    expect(statSync(file).mode & 0o777).toBe(0o644);
    const get = await home.run(["config", "get", "mining.threads", "--config", file]);
    expect(get.stdout).toBe("3\n");
    expect((await home.run(["config", "check", file])).stdout).toContain("is good");
    const wrong = await home.run(["config", "set", "mining.threads", "many"], withFile);
    expect(wrong.stderr).toMatch(/^PROCESSES_CONFIG_VALUE: /);
  });
});
