/** What makes a machine the one it is, kept in a folder and put back elsewhere. */

import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import type { Wallet } from "../../../src-main/contract/control-api/index.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const other = new TestHome();
const backup = join(home.root, "backup");
afterAll(async () => {
  await home.remove();
  await other.remove();
});

async function addresses(of: TestHome): Promise<string[]> {
  const { stdout } = await of.run(["wallet", "show", "--json"]);
  return (JSON.parse(stdout) as Wallet).accounts.map(({ address }) => address);
}

describe("vivian backup and restore", () => {
  it("keep a machine the one it is, closed to others, on another disk", async () => {
    const early = await home.run(["backup", "--to", backup]);
    expect(early.stderr).toMatch(/^PROCESSES_NO_LEDGER: /);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const own = await addresses(home);
    const made = await home.run(["backup", "--to", backup]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(backup, "keys"))) {
      expect(statSync(join(backup, "keys", name)).mode & 0o777, name).toBe(0o600);
    }
    const again = await home.run(["backup", "--to", backup]);
    expect(again.stderr).toMatch(/^PROCESSES_BACKUP_EXISTS: /);

    const restored = await other.run(["restore", "--from", backup]);
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(other.folder.genesis)).toEqual(readFileSync(home.folder.genesis));
    expect(readFileSync(other.folder.config)).toEqual(readFileSync(home.folder.config));
    expect(await other.run(["up", "--detach"])).toMatchObject({ code: 0 });
    expect(await addresses(other)).toEqual(own);
  });

  it("refuse a folder in use or with a network, and a backup with one digit changed", async () => {
    const used = await other.run(["restore", "--from", backup]);
    expect(used.stderr).toMatch(/^PROCESSES_DAEMON_RUNNING: /);
    expect(await other.run(["stop"])).toMatchObject({ code: 0 });
    const taken = await other.run(["restore", "--from", backup]);
    expect(taken.stderr).toMatch(/^PROCESSES_RESTORE_EXISTS: /);
    const empty = { VIVIAN_HOME: join(other.root, "empty") };
    const genesis = join(other.root, "empty", "practice", "genesis.bin");
    const key = join(backup, "keys", "worker.key");
    const text = readFileSync(key, "utf8");
    const list = readFileSync(join(backup, "backup.json"), "utf8");
    const plant = [
      () => writeFileSync(key, `${text[0] === "0" ? "1" : "0"}${text.slice(1)}`),
      () => rmSync(key),
      () => writeFileSync(join(backup, "backup.json"), list.replace("keys/", "keys/../../")),
      () => writeFileSync(join(backup, "backup.json"), "{}"),
      () => rmSync(join(backup, "backup.json")),
    ];
    for (const change of plant) {
      writeFileSync(key, text, { mode: 0o600 });
      writeFileSync(join(backup, "backup.json"), list);
      change();
      const ran = await other.run(["restore", "--from", backup], empty);
      expect(ran.stderr).toMatch(/^PROCESSES_BACKUP_DAMAGED: /);
      expect(existsSync(genesis)).toBe(false);
    }
  });
});

describe("vivian logs", () => {
  it("shows the newest lines, by level, also while no daemon runs", async () => {
    const all = await other.run(["logs", "--lines", "2", "--json"]);
    expect((JSON.parse(all.stdout) as { lines: string[] }).lines).toHaveLength(2);
    const log = join(other.folder.logs, "daemon.log");
    writeFileSync(`${other.folder.logs}/daemon.1.log`, "2026-01-01T00:00:00.000Z warn  older\n");
    writeFileSync(log, "2026-01-02T00:00:00.000Z info  a\n2026-01-02T00:00:01.000Z error b\n");
    const bad = await other.run(["logs", "--level", "error"]);
    expect(bad.stdout).toBe("2026-01-02T00:00:01.000Z error b\n");
    const warned = await other.run(["logs", "--level", "warn"]);
    expect(warned.stdout.split("\n").map((line) => line.slice(-5))).toEqual(["older", "ror b", ""]);
  });
});
