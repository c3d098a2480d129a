import { describe, expect, it } from "vitest";

import { trayMenu, windowMenu } from "../../../src-main/shell/menus.ts";
import type { MenuActions } from "../../../src-main/shell/menus.ts";
import { lineOf } from "../../worlds/electron-fake.ts";

const LEAVE = "Quit window (the work goes on)";

function recorded(): { done: string[]; actions: MenuActions } {
  const done: string[] = [];
  const act = (name: string) => () => void done.push(name);
  return {
    done,
    actions: {
      open: act("open"),
      reload: act("reload"),
      startWork: act("start"),
      stopWork: act("stop"),
      stopWorkAndQuit: act("stop and quit"),
      quitWindow: act("quit"),
    },
  };
}

describe("menus", () => {
  it("hold what they hold and nothing that surprises", () => {
    const { actions } = recorded();
    const lines = windowMenu("idle", actions).flatMap(({ submenu }) => submenu ?? []);
    expect(lines.map(({ label, role, type }) => label ?? role ?? type)).toEqual([
      "Reload",
      "separator",
      "Start the work",
      "Stop the work",
      "separator",
      LEAVE,
      "copy",
      "paste",
      "selectAll",
    ]);
  });

  it("name leaving the window and stopping the work apart, and do them apart", () => {
    const { done, actions } = recorded();
    const tray = trayMenu("working", actions);
    lineOf(tray, LEAVE).click?.();
    lineOf(tray, "Stop the work and quit").click?.();
    lineOf(windowMenu("working", actions), LEAVE).click?.();
    lineOf(windowMenu("working", actions), "Stop the work").click?.();
    expect(done).toEqual(["quit", "stop and quit", "quit", "stop"]);
  });

  it("offer only what can be done", () => {
    const { actions } = recorded();
    const offers = (state: "stopped" | "starting" | "working") => {
      const lines = windowMenu(state, actions);
      return [lineOf(lines, "Start the work").enabled, lineOf(lines, "Stop the work").enabled];
    };
    expect(offers("stopped")).toEqual([true, false]);
    expect(offers("starting")).toEqual([false, false]);
    expect(offers("working")).toEqual([false, true]);
    expect(lineOf(trayMenu("stopped", actions), "Stop the work and quit").enabled).toBe(false);
  });

  it("say the state first in the tray, as a line that does nothing", () => {
    expect(trayMenu("paused", recorded().actions)[0]).toEqual({ label: "Paused", enabled: false });
  });
});
