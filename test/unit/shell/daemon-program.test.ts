import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  daemonEnvironment,
  daemonProgram,
  startDaemon,
} from "../../../src-main/shell/daemon-program.ts";
import type { CommandEnd } from "../../../src-main/shell/daemon-program.ts";

const PROGRAM = { node: "the-node", cli: "the-cli.ts" };

const ended = (end: Partial<CommandEnd>) => () =>
  Promise.resolve({ code: 0, stdout: "", failure: "", ...end });

describe("daemonProgram", () => {
  const around = { isPackaged: true, resources: "res", platform: "linux" as const };

  it("lies beside the window in a package, whatever the environment says", () => {
    const environment = { VIVIAN_WINDOW_NODE: "evil", VIVIAN_WINDOW_CLI: "evil", PATH: "evil" };
    expect(daemonProgram({ ...around, environment })).toEqual({
      ok: true,
      value: {
        node: join("res", "vivian", "runtime", "node"),
        cli: join("res", "vivian", "src-main", "processes", "cli.ts"),
      },
    });
    const windows = daemonProgram({ ...around, platform: "win32", environment });
    expect(windows.ok && windows.value.node).toMatch(/node\.exe$/);
  });

  it("is named by the starter in a tree, and refused where nobody names it", () => {
    const tree = { ...around, isPackaged: false };
    const environment = { VIVIAN_WINDOW_NODE: "the-node", VIVIAN_WINDOW_CLI: "the-cli.ts" };
    expect(daemonProgram({ ...tree, environment })).toEqual({ ok: true, value: PROGRAM });
    expect(daemonProgram({ ...tree, environment: {} })).toEqual({
      ok: false,
      rejection: { code: "SHELL_PROGRAM" },
    });
  });
});

describe("daemonEnvironment", () => {
  it("leaves out what would change our Node", () => {
    const environment = {
      HOME: "home",
      VIVIAN_HOME: "data",
      NODE_OPTIONS: "--require evil",
      NODE_EXTRA_CA_CERTS: "evil",
      ELECTRON_RUN_AS_NODE: "1",
      LD_PRELOAD: "evil",
    };
    expect(daemonEnvironment(environment)).toEqual({ HOME: "home", VIVIAN_HOME: "data" });
  });

  it("leaves out an AppImage's own libraries, and only those", () => {
    expect(daemonEnvironment({ LD_LIBRARY_PATH: "lib" })).toEqual({ LD_LIBRARY_PATH: "lib" });
    const inImage = { APPIMAGE: "file", LD_LIBRARY_PATH: "lib" };
    expect(daemonEnvironment(inImage)).toEqual({ APPIMAGE: "file" });
  });
});

describe("startDaemon", () => {
  it("asks the command for the daemon's socket", async () => {
    const asked: unknown[] = [];
    const started = await startDaemon(PROGRAM, { HOME: "home" }, (...parts) => {
      asked.push(parts);
      return ended({ stdout: '{"socket":"the-socket","pid":7}' })();
    });
    expect(started).toEqual({ ok: true, value: "the-socket" });
    const words = ["the-cli.ts", "up", "--detach", "--attach", "--json"];
    expect(asked).toEqual([["the-node", words, { HOME: "home" }]]);
  });

  it("tells the command's own code and the facts that can be shown", async () => {
    const error = { code: "STORE_LOCKED", facts: { folder: "data", deep: {} }, what: "", next: "" };
    const run = ended({ code: 1, stdout: JSON.stringify({ error }) });
    expect(await startDaemon(PROGRAM, {}, run)).toEqual({
      ok: false,
      rejection: { code: "STORE_LOCKED", facts: { folder: "data" } },
    });
  });

  it.each([
    ["cannot be started", { code: null, failure: "ENOENT" }, "SHELL_START"],
    ["ends without a word", { code: 1 }, "SHELL_START"],
    ["ends with something unreadable", { code: 1, stdout: "Segmentation fault" }, "SHELL_START"],
    ["names no socket", { stdout: '{"pid":7}' }, "SHELL_ANSWER"],
    ["names an empty socket", { stdout: '{"socket":""}' }, "SHELL_ANSWER"],
    ["answers a list", { stdout: "[]" }, "SHELL_ANSWER"],
  ])("refuses a command that %s", async (_what, end, code) => {
    const started = await startDaemon(PROGRAM, {}, ended(end));
    expect(started.ok ? "" : started.rejection.code).toBe(code);
  });
});
