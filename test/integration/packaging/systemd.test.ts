/** The service of systemd, judged by systemd's own tool. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, it } from "vitest";

import { systemdUnit } from "../../../src-main/processes/service/systemd-unit.ts";

const PACKAGED = fileURLToPath(
  new URL("../../../packaging/systemd/vivian.service", import.meta.url),
);

/** Exposure by `systemd-analyze security`, 0 to 10; what is left is named in the unit. */
const EXPOSURE_MAX = 2;

const folder = mkdtempSync(join(tmpdir(), "vivian-unit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noTool =
  spawnSync("systemd-analyze", ["--version"]).status === 0 ? "" : "no systemd-analyze here";
if (noTool !== "") console.warn(`skipped: ${noTool}`);

/** A unit file of that text, which runs a program that is there. */
function unitFile(text: string): string {
  const file = join(folder, "vivian.service");
  writeFileSync(file, text);
  return file;
}

const packaged = () =>
  readFileSync(PACKAGED, "utf8").replace(/^ExecStart="[^"]+"/m, "ExecStart=/bin/true");

function verify(text: string, ...scope: string[]): { status: number | null; said: string } {
  const ran = spawnSync("systemd-analyze", [...scope, "verify", unitFile(text)], {
    encoding: "utf8",
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  return { status: ran.status, said: `${ran.stdout}${ran.stderr}`.trim() };
}

function exposure(text: string): number {
  const words = ["security", "--offline=true", "--no-pager", unitFile(text)];
  const ran = spawnSync("systemd-analyze", words, { encoding: "utf8" });
  return Number(/Overall exposure level for \S+: ([0-9.]+)/.exec(ran.stdout)?.[1]);
}

describe.skipIf(noTool !== "")("packaging/systemd/vivian.service", () => {
  it("passes systemd-analyze verify without a word, which finds a misspelt directive", () => {
    expect(verify(packaged())).toEqual({ status: 0, said: "" });
    const faults: [string, string][] = [
      ["ProtectSystem=strict", "ProtectSytem=strict"],
      ["ProtectHome=yes", "ProtectHome=perhaps"],
      ["MemoryMax=80%", "MemoryMax=much"],
      ["ExecStart=/bin/true", "ExecStart=/nowhere/vivian"],
    ];
    for (const [right, wrong] of faults) {
      expect(packaged()).toContain(right);
      expect(verify(packaged().replace(right, wrong)).said, wrong).not.toBe("");
    }
  });

  it("is exposed little, and each of its walls counts", () => {
    const score = exposure(packaged());
    console.info(`systemd-analyze security: exposure ${score} of 10`);
    expect(score).toBeLessThanOrEqual(EXPOSURE_MAX);
    for (const wall of ["ProtectSystem=strict", "NoNewPrivileges=yes", "DevicePolicy=closed"]) {
      expect(exposure(packaged().replace(wall, "")), wall).toBeGreaterThan(score);
    }
  });
});

describe.skipIf(noTool !== "")("the service of a person", () => {
  it("passes systemd-analyze verify without a word", () => {
    const program = [process.execPath, "/etc/hostname"];
    const text = systemdUnit({ scope: "user", program, config: null, home: "/data/a folder" });
    expect(verify(text, "--user")).toEqual({ status: 0, said: "" });
  });
});
