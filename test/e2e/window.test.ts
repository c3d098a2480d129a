/** The window in real Electron, where it is; and that it says so where it is not. */

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SMOKE = fileURLToPath(new URL("./window-smoke.ts", import.meta.url));

/** Runs the smoke; a display and a program are given only where named. */
function smoke(environment: NodeJS.ProcessEnv) {
  const words = ["--disable-warning=ExperimentalWarning", SMOKE];
  return spawnSync(process.execPath, words, {
    env: { PATH: process.env["PATH"], ...environment },
    encoding: "utf8",
  });
}

describe("the window smoke", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "vivian-electron-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("holds, or says in one line why it is not run here", () => {
    const { stdout, status } = smoke({ ...process.env });
    process.stdout.write(stdout);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^window smoke: (held|not run: (Electron's program|there is no display|the page)[^\n]*)\n$/,
    );
  });

  it("is not run without Electron's program", () => {
    const { stdout, status } = smoke({ DISPLAY: ":0", ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect([status, stdout]).toEqual([
      0,
      "window smoke: not run: Electron's program is not here (npx install-electron fetches it)\n",
    ]);
  });

  it("fails with what is given for Electron and shows no page", () => {
    mkdirSync(folder, { recursive: true });
    const program = join(folder, "electron");
    writeFileSync(program, "#!/bin/sh\nexit 7\n");
    chmodSync(program, 0o755);
    const { stdout, status } = smoke({ DISPLAY: ":0", ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect(stdout).toMatch(/^window smoke: failed: /);
    expect(status).toBe(1);
  });
});
