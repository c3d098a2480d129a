import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import type { Devices, Status } from "../../../src-main/contract/control-api/index.ts";
import { isAlive, TestHome } from "./run-vivian.ts";

/** The daemon's own limit, and what a loaded machine adds to start and end a command. */
const STOP_LIMIT_MS = 5_000;

const homes: TestHome[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

function newHome(config = '[mining]\nengine = "reference"\n'): TestHome {
  const home = new TestHome(config);
  homes.push(home);
  return home;
}

async function upHome(config?: string): Promise<TestHome> {
  const home = newHome(config);
  const up = await home.run(["up", "--detach"]);
  expect(up).toMatchObject({ code: 0, stderr: "" });
  return home;
}

describe("a daemon", () => {
  it("starts, answers, and stops within 5 s without a trace but its folder", async () => {
    const home = await upHome();
    const status = JSON.parse((await home.run(["status", "--json"])).stdout) as Status;
    expect(status).toMatchObject({ network: "practice", jobsOpen: 0, home: home.home });
    expect(status).toMatchObject({
      work: { rulesWant: "run", rule: null },
      // A meter may still be opening.
      power: {},
      energyToday: { coverage: expect.any(Number) as number },
      workReserve: { jobsOpen: 0, unitStepsLeft: 0, aboutMs: null },
    });
    const socket = readFileSync(home.folder.socketNote, "utf8").trim();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const began = performance.now();
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
    // Whoever asked may take the disk away.
    expect(isAlive(status.pid)).toBe(false);
    expect(performance.now() - began).toBeLessThan(STOP_LIMIT_MS);
    expect(existsSync(socket)).toBe(false);
    expect(await home.run(["status"])).toMatchObject({ code: 3 });
  });

  it("ends on SIGTERM within 5 s", async () => {
    const home = await upHome();
    const pid = await home.daemonPid();
    process.kill(pid, "SIGTERM");
    await expect.poll(() => isAlive(pid), { timeout: STOP_LIMIT_MS }).toBe(false);
    expect(readFileSync(join(home.folder.logs, "daemon.log"), "utf8")).toContain("SIGTERM");
  });

  it("makes its keys closed to others, keeps them, and mends one that was opened", async () => {
    const home = await upHome();
    const wallet = (await home.run(["wallet", "show", "--json"])).stdout;
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
    const key = join(home.folder.keys, "worker.key");
    expect(statSync(key).mode & 0o777).toBe(0o600);
    chmodSync(key, 0o644);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect((await home.run(["wallet", "show", "--json"])).stdout).toBe(wallet);
  });

  it("ends with the command that started it, even when that is killed", async () => {
    const home = newHome();
    const start = home.spawn(["start"]);
    await expect.poll(async () => (await home.connect()) !== null, { timeout: 20_000 }).toBe(true);
    const pid = await home.daemonPid();
    start.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 2 * STOP_LIMIT_MS }).toBe(false);
  });
});

describe("a second daemon on the folder", () => {
  it("is refused with a code while the first answers", async () => {
    const home = await upHome();
    const second = await home.run(["up"]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^PROCESSES_DAEMON_RUNNING: .*vivian stop/);
    expect(second.stderr.trim().split("\n")).toHaveLength(2);
  });

  it("is refused by the lock where the first one's socket cannot be found", async () => {
    const home = await upHome();
    rmSync(home.folder.socketNote);
    const elsewhere = { XDG_RUNTIME_DIR: "" };
    const second = await home.run(["up", "--detach"], elsewhere);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^STORE_LOCKED: /);
    expect(await home.run(["status"])).toMatchObject({ code: 0 });
  });

  it("replaces what a killed one left behind", async () => {
    const home = await upHome();
    const socket = readFileSync(home.folder.socketNote, "utf8").trim();
    const pid = await home.daemonPid();
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(existsSync(socket)).toBe(true);
    expect(await home.run(["status"])).toMatchObject({ code: 3 });
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    expect(await home.run(["status"])).toMatchObject({ code: 0 });
  });
});

describe("a folder that cannot be used", () => {
  it("is refused in one line with a code", async () => {
    const home = newHome();
    writeFileSync(join(home.root, "file"), "");
    const blocked = { VIVIAN_HOME: join(home.root, "file", "data") };
    const up = await home.run(["up", "--detach"], blocked);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_(HOME|CONFIG_READ): .*\nSafe: .*\n$/);
  });

  it("with a wrong key in config.toml is refused with the nearest known one", async () => {
    const home = newHome("[mining]\nthread = 2\n");
    for (const verb of [["up", "--detach"], ["status"], ["start", "--once"]]) {
      const ran = await home.run(verb);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/^PROCESSES_CONFIG_KEY: .*nearest mining\.threads/);
    }
  });

  it("whose keys were lost is refused instead of being given new ones", async () => {
    const home = await upHome();
    await home.run(["stop"]);
    rmSync(join(home.folder.keys, "validator.key"));
    const up = await home.run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^WALLET_KEY_MISSING: /);
  });
});

describe("the devices", () => {
  it("say what is missing and what mends it where the native engine is not built", async () => {
    const home = newHome("[mining]\nstart = false\n");
    await home.run(["up", "--detach"], { VIVIAN_ADDON: "absent" });
    const { devices } = JSON.parse((await home.run(["devices", "--json"])).stdout) as Devices;
    expect(devices[0]).toMatchObject({ engine: "wasm", exact: true });
    expect(devices[0].next).not.toBeNull();
  });
});
