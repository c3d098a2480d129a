/** The program that opens the window from a tree: its words, and that it ends with its starter. */

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { startWindow } from "../../../src-main/processes/cli/open-window.ts";
import { ended, isAlive } from "../processes/run-vivian.ts";

const PROGRAM = fileURLToPath(new URL("../../../src-main/shell/open-window.ts", import.meta.url));
const isRoot = process.platform === "linux" && process.getuid?.() === 0;

/** Looks until something is there; a test's own limit ends it. */
async function until<T>(look: () => T | null): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== null) return found;
    await new Promise((go) => setTimeout(go, 20));
  }
}

describe("open-window", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "vivian-window-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!isRoot)("opens no window for root and says so in one line", async () => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { code, stdout, stderr } = await ended(child);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^SHELL_ROOT: No window is opened for the user root[^\n]*\n$/);
  });

  it.skipIf(isRoot || process.platform === "win32")(
    "runs the program that is named for Electron and ends it with its starter",
    async () => {
      const note = join(folder, "pid");
      const electron = join(folder, "electron");
      writeFileSync(electron, `#!/bin/sh\necho $$ > "${note}"\nexec sleep 600\n`);
      chmodSync(electron, 0o755);
      const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder };
      const child = spawn(process.execPath, [PROGRAM], { env, stdio: ["pipe", "pipe", "pipe"] });
      const pid = await until(() => (existsSync(note) ? Number(readFileSync(note, "utf8")) : null));
      child.stdin.end();
      expect((await ended(child)).code).toBe(0);
      expect(isAlive(pid)).toBe(false);
    },
  );
});

describe("startWindow", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "vivian-window-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = (text: string) => {
    const file = join(folder, "program.mjs");
    writeFileSync(file, text);
    return file;
  };

  it("tells in one line why there is no window", async () => {
    const file = program('console.error("SHELL_ELECTRON: no window"); process.exitCode = 1;');
    const line = await new Promise<string>((hear) => startWindow(folder, hear, file));
    expect(line).toBe("SHELL_ELECTRON: no window");
  });

  it("says nothing of a window that was closed", async () => {
    const note = join(folder, "done");
    const file = program(
      `import { writeFileSync } from "node:fs";
      console.error("a driver's chatter");
      writeFileSync(${JSON.stringify(note)}, process.env.VIVIAN_HOME ?? "");`,
    );
    const heard: string[] = [];
    startWindow(folder, (line) => heard.push(line), file);
    expect(await until(() => (existsSync(note) ? readFileSync(note, "utf8") : null))).toBe(folder);
    await new Promise((go) => setTimeout(go, 100));
    expect(heard).toEqual([]);
  });

  it("ends what it started by closing its standard input", async () => {
    const note = join(folder, "pid");
    const file = program(
      `import { writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(note)}, String(process.pid));
      process.stdin.on("end", () => process.exit(0)).resume();
      setInterval(() => {}, 1000);`,
    );
    const close = startWindow(folder, () => undefined, file);
    const pid = await until(() =>
      existsSync(note) ? Number(readFileSync(note, "utf8")) || null : null,
    );
    expect(isAlive(pid)).toBe(true);
    close?.();
    await until(() => (isAlive(pid) ? null : true));
  });

  it("starts nothing where this installation has no such program", () => {
    expect(startWindow(folder, () => undefined, join(folder, "nowhere.ts"))).toBeNull();
  });
});
