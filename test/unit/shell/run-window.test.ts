import { describe, expect, it } from "vitest";

import { accept, reject } from "../../../src-main/contract/outcome.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import type { MenuLine } from "../../../src-main/shell/electron-parts.ts";
import { runWindow } from "../../../src-main/shell/run-window.ts";
import { DaemonStandIn, settled, StillTime } from "../../worlds/daemon-stand-in.ts";
import { FakeApp, FakeTray, FakeWindow, lineOf } from "../../worlds/electron-fake.ts";

class World {
  readonly app = new FakeApp();
  readonly daemon = new DaemonStandIn();
  readonly time = new StillTime();
  readonly tray = new FakeTray();
  readonly windows: FakeWindow[] = [];
  menu: readonly MenuLine[] = [];
  started: Outcome<string> = accept("socket");

  run(platform: NodeJS.Platform = "darwin"): Promise<boolean> {
    return runWindow({
      app: this.app,
      platform,
      start: () => Promise.resolve(this.started),
      connect: () => this.daemon.connect(this.time.after),
      readText: () => this.daemon.readText(),
      after: this.time.after,
      makeWindow: () => {
        const window = new FakeWindow();
        this.app.emit("web-contents-created", null, window.webContents);
        this.windows.push(window);
        return window;
      },
      setMenu: (lines) => (this.menu = lines),
      makeTray: () => this.tray,
    });
  }

  get window(): FakeWindow {
    const window = this.windows.at(-1);
    if (window === undefined) throw new Error("no window was made");
    return window;
  }
}

const EVIL = "http://evil.example/";
const refusesAll = { "will-navigate": false, "will-redirect": false, "will-frame-navigate": false };

async function running(platform: NodeJS.Platform = "darwin"): Promise<World> {
  const world = new World();
  await world.run(platform);
  return world;
}

describe("runWindow", () => {
  it("shows the daemon's page in a guarded window", async () => {
    const world = await running();
    const { webContents } = world.window;
    expect(webContents.url).toBe(world.daemon.target);
    expect(webContents.session.proxy).toBe("direct");
    expect(webContents.goesTo(EVIL)).toEqual(refusesAll);
    expect(webContents.session.lets(EVIL)).toBe(false);
    expect(webContents.session.lets("ws://127.0.0.1:4100/ws")).toBe(true);
    expect(webContents.session.asks("media", world.daemon.address).granted).toBe(false);
    expect(world.app.acts).toEqual(["lock", "sandbox", "ready"]);
  });

  it("is one program: a second start makes no window and brings the first forward", async () => {
    const second = new World();
    second.app.isFirst = false;
    expect(await second.run()).toBe(false);
    expect([second.windows.length, second.app.acts]).toEqual([0, ["lock", "quit"]]);

    const first = await running();
    first.window.isSmall = true;
    first.app.emit("second-instance");
    expect(first.window.acts).toEqual(["restore", "show", "focus"]);
    expect(first.windows).toHaveLength(1);
  });

  it("shows the sentence, the code and what to do where the daemon cannot start", async () => {
    const world = new World();
    world.started = reject("SHELL_START", { reason: "<b>no</b>" });
    await world.run();
    expect(world.window.text).toContain("SHELL_START: reason &lt;b&gt;no&lt;/b&gt;");
    expect(world.window.webContents.session.lets("http://127.0.0.1:4100/")).toBe(false);
    expect(world.tray.tip).toBe("VIVIAN Miner: Not running");
    world.started = accept("socket");
    lineOf(world.menu, "Start the work").click?.();
    await settled();
    expect(world.window.webContents.url).toBe(world.daemon.target);
  });

  it("leaves the daemon alone when the window is quit", async () => {
    const world = await running();
    lineOf(world.menu, "Quit window (the work goes on)").click?.();
    await settled();
    expect(world.app.acts).toContain("quit");
    expect(world.daemon.calls).not.toContain("shutdown");
  });

  it("stops the work by its own name, and then quits where that was asked", async () => {
    const world = await running();
    lineOf(world.menu, "Stop the work").click?.();
    await settled();
    expect(world.daemon.calls.at(-1)).toBe("shutdown");
    expect(world.app.acts).not.toContain("quit");
    lineOf(world.tray.lines, "Stop the work and quit").click?.();
    await settled();
    expect(world.app.acts).toContain("quit");
  });

  it("does not quit where the work could not be stopped", async () => {
    const world = await running();
    const data = { code: "API_PENDING", facts: {}, next: "" };
    world.daemon.answers = { shutdown: { error: { code: 1, message: "", data } } };
    lineOf(world.tray.lines, "Stop the work and quit").click?.();
    await settled();
    expect(world.app.acts).not.toContain("quit");
    expect(world.window.text).toContain("API_PENDING");
  });

  it("stays in the bar when closed, and ends where no bar can be trusted", async () => {
    const mac = await running("darwin");
    expect([mac.window.close(), mac.window.acts]).toEqual([false, ["hide"]]);
    mac.tray.click();
    expect(mac.window.acts).toEqual(["hide", "show", "focus"]);

    const linux = await running("linux");
    expect(linux.window.close()).toBe(true);
    linux.app.emit("window-all-closed");
    expect(linux.app.acts).toContain("quit");
    expect(linux.daemon.calls).not.toContain("shutdown");
  });

  it("tells in the tray what the miner does", async () => {
    const world = await running();
    expect(world.tray.tip).toBe("VIVIAN Miner: Waiting for work");
    world.daemon.changes("working");
    await settled();
    expect([world.tray.tip, world.tray.lines[0]?.label]).toEqual([
      "VIVIAN Miner: Working",
      "Working",
    ]);
  });

  it("says so when the page does not load or its process ends, and reloads", async () => {
    const world = await running();
    const contents = world.window.webContents;
    const { address } = world.daemon;
    contents.emit("did-fail-load", null, -3, "ERR_ABORTED", address, true);
    contents.emit("did-fail-load", null, -102, "ERR_CONNECTION_REFUSED", EVIL, true);
    contents.emit("did-fail-load", null, -102, "ERR_CONNECTION_REFUSED", address, false);
    expect(world.window.text).toBe("");
    contents.emit("did-fail-load", null, -102, "ERR_CONNECTION_REFUSED", address, true);
    expect(world.window.text).toContain("SHELL_PAGE: reason ERR_CONNECTION_REFUSED");
    expect(contents.session.lets(address)).toBe(false);
    lineOf(world.menu, "Reload").click?.();
    await settled();
    expect(contents.url).toBe(world.daemon.target);
    lineOf(world.menu, "Reload").click?.();
    expect(contents.reloads).toBe(1);
    contents.emit("render-process-gone", null, { reason: "crashed" });
    expect(world.window.text).toContain("SHELL_PAGE: reason crashed");
  });

  it("makes a new window where the old one has gone, with a fresh code", async () => {
    const world = await running();
    world.window.isGone = true;
    world.window.emit("closed");
    world.app.emit("activate");
    await settled();
    expect(world.windows).toHaveLength(2);
    expect(world.daemon.calls.filter((call) => call === "page.open")).toHaveLength(2);
    expect(world.window.webContents.goesTo(EVIL)).toEqual(refusesAll);
    expect(world.window.webContents.session.lets(EVIL)).toBe(false);
  });
});
