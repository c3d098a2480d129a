import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  electronProgram,
  endRefusal,
  presentProgram,
  reasonIn,
  userRefusal,
} from "../../../src-main/shell/electron-program.ts";

describe("electronProgram", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "vivian-electron-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const place = (environment: NodeJS.ProcessEnv = {}) => {
    const folder = join(root, "electron");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"version":"45.4.1"}');
    return { folder, note: join(root, "stamps", "failed"), environment };
  };
  const putProgram = () => {
    mkdirSync(join(root, "electron", "dist"), { recursive: true });
    writeFileSync(join(root, "electron", "dist", "electron"), "");
    writeFileSync(join(root, "electron", "path.txt"), "electron");
  };
  const never = () => Promise.reject(new Error("the installer must not run"));

  it("takes the program that is there", async () => {
    const at = place();
    putProgram();
    const value = join(at.folder, "dist", "electron");
    expect(await electronProgram(at, never)).toEqual({ ok: true, value });
    rmSync(value);
    expect(presentProgram(at)).toBeNull();
  });

  it("takes another one where the environment names it, as the package does", () => {
    const other = join(root, "other");
    mkdirSync(other);
    expect(presentProgram(place({ ELECTRON_OVERRIDE_DIST_PATH: other }))).toBeNull();
    writeFileSync(join(other, "electron"), "");
    const at = place({ ELECTRON_OVERRIDE_DIST_PATH: other });
    expect(presentProgram(at)).toBe(join(other, "electron"));
  });

  it("runs the package's installer where there is none", async () => {
    const at = place();
    const asked: string[] = [];
    const found = await electronProgram(at, (file) => {
      asked.push(file);
      putProgram();
      return Promise.resolve("");
    });
    expect([found.ok, asked]).toEqual([true, [join(at.folder, "install.js")]]);
  });

  it("runs it once: what failed is not tried again by itself", async () => {
    const at = place();
    let runs = 0;
    const failing = () => {
      runs += 1;
      return Promise.resolve("Error: getaddrinfo ENOTFOUND");
    };
    const first = await electronProgram(at, failing);
    const second = await electronProgram(at, failing);
    expect(runs).toBe(1);
    expect([first, second].map((one) => (one.ok ? null : one.rejection))).toEqual([
      { code: "SHELL_ELECTRON", facts: { reason: "Error: getaddrinfo ENOTFOUND" } },
      { code: "SHELL_ELECTRON", facts: { reason: "fetching it has failed before" } },
    ]);
    writeFileSync(join(at.folder, "package.json"), '{"version":"45.4.2"}');
    await electronProgram(at, failing);
    expect(runs).toBe(2);
  });

  it("says so where the package itself is missing", async () => {
    const at = { ...place(), folder: join(root, "nowhere") };
    const found = await electronProgram(at, never);
    expect(found.ok ? "" : found.rejection.code).toBe("SHELL_ELECTRON");
  });
});

describe("userRefusal", () => {
  it("opens no window for root, whose windows have no sandbox", () => {
    expect(userRefusal("linux", 0)).toEqual({ code: "SHELL_ROOT" });
    expect(userRefusal("linux", 1_000)).toBeNull();
    expect(userRefusal("darwin", 0)).toBeNull();
    expect(userRefusal("win32", -1)).toBeNull();
  });
});

describe("endRefusal", () => {
  it("tells a window that ended by itself, and not one that was closed", () => {
    const code = "SHELL_WINDOW_ENDED";
    expect(endRefusal(3, null)?.code).toBe("SHELL_WINDOW_ENDED");
    expect(endRefusal(3, null)).toEqual({ code, facts: { reason: "exit code 3" } });
    expect(endRefusal(null, "SIGSEGV")).toEqual({ code, facts: { reason: "SIGSEGV" } });
    expect(endRefusal(null, "spawn EACCES")).toEqual({ code, facts: { reason: "spawn EACCES" } });
    expect([endRefusal(0, null), endRefusal(null, "SIGTERM")]).toEqual([null, null]);
  });
});

describe("reasonIn", () => {
  it("finds the line that tells, and keeps it short", () => {
    expect(reasonIn("node:internal\n  at x\nRequestError: connect ECONNREFUSED\n at y")).toBe(
      "RequestError: connect ECONNREFUSED",
    );
    expect(reasonIn("something\nelse")).toBe("something");
    expect(reasonIn("")).toBe("");
    expect(reasonIn(`Error: ${"x".repeat(999)}`)).toHaveLength(160);
  });
});
