/** `vivian service`, with a systemctl that only writes down what it is asked. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { TestHome } from "./run-vivian.ts";

const home = new TestHome();
const bin = join(home.root, "bin");
const calls = join(home.root, "calls");
const unit = join(home.root, "config", "systemd", "user", "vivian.service");
const environment = {
  PATH: `${bin}:${process.env["PATH"]}`,
  XDG_CONFIG_HOME: join(home.root, "config"),
};
mkdirSync(bin);
afterAll(() => home.remove());

/** Plays systemctl: writes its words down, ends with that code. */
function systemctl(code: number, says = ""): void {
  const script = `#!/bin/sh\necho "$@" >>"${calls}"\necho "${says}"\nexit ${code}\n`;
  writeFileSync(join(bin, "systemctl"), script, { mode: 0o755 });
  writeFileSync(calls, "");
}

const called = () => readFileSync(calls, "utf8").trim().split("\n");
const vivian = (...words: string[]) => home.run(["service", ...words], environment);

describe.skipIf(process.platform !== "linux")("vivian service", () => {
  it("is not there before it is installed, and --print writes nothing", async () => {
    systemctl(0);
    for (const verb of ["status", "uninstall"]) {
      const ran = await vivian(verb);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/^PROCESSES_SERVICE_NONE: /);
    }
    const printed = await vivian("install", "--system", "--print");
    expect(printed, printed.stderr).toMatchObject({ code: 0 });
    expect(printed.stdout).toContain("ProtectSystem=strict");
    expect(existsSync(unit)).toBe(false);
    expect(called()).toEqual([""]);
  });

  it("writes a unit that runs this program on this folder, and has it started", async () => {
    systemctl(0, "active (running)");
    const ran = await vivian("install");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const text = readFileSync(unit, "utf8");
    expect(text).toContain(`ExecStart=${process.execPath} `);
    expect(text).toContain(`VIVIAN_HOME=${home.home}`);
    expect(called()).toEqual(["--user daemon-reload", "--user enable --now vivian.service"]);
    const status = await vivian("status");
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toContain("active (running)");
  });

  it("says so where the system refuses, and where the service does not run", async () => {
    systemctl(3, "inactive (dead)");
    const status = await vivian("status", "--json");
    expect(status.code).toBe(1);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: false, said: "inactive (dead)" });
    expect(status.stderr).toMatch(/^PROCESSES_SERVICE_STOPPED: /);
    systemctl(1, "Failed to connect to bus");
    const ran = await vivian("install");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^PROCESSES_SERVICE_COMMAND: .*Failed to connect to bus/);
  });

  it("is taken away whole, with the data left where it is", async () => {
    systemctl(0);
    const ran = await vivian("uninstall");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(existsSync(unit)).toBe(false);
    expect(existsSync(home.home)).toBe(true);
    expect(called()).toEqual(["--user disable --now vivian.service", "--user daemon-reload"]);
  });

  it.skipIf(process.getuid?.() === 0)("needs root for the whole machine", async () => {
    const ran = await vivian("install", "--system");
    expect(ran.stderr).toMatch(/^PROCESSES_SERVICE_ROOT: /);
  });
});
