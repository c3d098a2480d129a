import { describe, expect, it } from "vitest";

import { accept, reject } from "../../../src-main/contract/outcome.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import {
  LOOK_INTERVAL_MS,
  RETURN_WITHIN_MS,
  WindowLife,
} from "../../../src-main/shell/window-life.ts";
import type { Shown } from "../../../src-main/shell/window-life.ts";
import { CODE, DaemonStandIn, settled, StillTime } from "../../worlds/daemon-stand-in.ts";

class World {
  readonly daemon = new DaemonStandIn();
  readonly time = new StillTime();
  readonly shown: Shown[] = [];
  readonly states: string[] = [];
  starts = 0;
  started: Outcome<string> = accept("socket");
  isUp = true;
  readonly life = new WindowLife({
    start: () => {
      this.starts += 1;
      return Promise.resolve(this.started);
    },
    connect: () =>
      this.isUp ? this.daemon.connect(this.time.after) : Promise.resolve(reject("SHELL_DAEMON")),
    readText: () => this.daemon.readText(),
    after: this.time.after,
    show: (shown) => this.shown.push(shown),
    onState: (state) => this.states.push(state),
  });

  get last(): string {
    const shown = this.shown.at(-1);
    if (shown === undefined) return "nothing";
    return shown.kind === "failure" ? shown.rejection.code : shown.kind;
  }

  /** The daemon goes, and the window has heard of it. */
  async loseDaemon(): Promise<void> {
    this.isUp = false;
    this.daemon.hangsUp();
    await settled();
  }
}

async function begun(): Promise<World> {
  const world = new World();
  await world.life.begin();
  return world;
}

describe("WindowLife", () => {
  it("starts the daemon and opens its page with a code", async () => {
    const world = await begun();
    expect(world.shown).toEqual([
      { kind: "starting" },
      {
        kind: "page",
        origin: "http://127.0.0.1:4100",
        url: `http://127.0.0.1:4100/#code=${CODE}`,
      },
    ]);
    expect(world.daemon.calls).toEqual(["page.open", "subscribe"]);
    expect(world.states).toEqual(["starting", "idle"]);
  });

  it("tells why a daemon did not start, and tries again when asked to", async () => {
    const world = new World();
    world.started = reject("STORE_LOCKED", { folder: "data" });
    await world.life.begin();
    expect([world.last, world.life.state]).toEqual(["STORE_LOCKED", "stopped"]);
    world.started = accept("socket");
    await world.life.begin();
    expect([world.last, world.starts]).toEqual(["page", 2]);
  });

  it("starts nothing twice", async () => {
    const world = await begun();
    await world.life.begin();
    expect(world.starts).toBe(1);
  });

  it("follows what the miner does", async () => {
    const world = await begun();
    world.daemon.changes("working");
    world.daemon.changes("dancing");
    world.daemon.changes("paused");
    await settled();
    expect(world.states).toEqual(["starting", "idle", "working", "paused"]);
  });

  it("waits a moment before it says that the daemon has ended", async () => {
    const world = await begun();
    await world.loseDaemon();
    await world.time.pass(RETURN_WITHIN_MS - 1);
    expect([world.last, world.life.state]).toEqual(["page", "stopped"]);
    await world.time.pass(1);
    expect(world.last).toBe("SHELL_DAEMON_ENDED");
  });

  it("opens the page with a fresh code when the daemon is back, on another port too", async () => {
    const world = await begun();
    await world.loseDaemon();
    await world.time.pass(60_000);
    expect(world.last).toBe("SHELL_DAEMON_ENDED");
    world.daemon.address = "http://127.0.0.1:4200/";
    world.daemon.target = `http://127.0.0.1:4200/#code=${"B".repeat(43)}`;
    world.isUp = true;
    await world.time.pass(LOOK_INTERVAL_MS);
    expect(world.shown.at(-1)).toEqual({
      kind: "page",
      origin: "http://127.0.0.1:4200",
      url: `http://127.0.0.1:4200/#code=${"B".repeat(43)}`,
    });
    expect(world.life.state).toBe("idle");
    const count = world.shown.length;
    await world.time.pass(60_000);
    expect(world.shown).toHaveLength(count);
  });

  it("never starts by itself what has been stopped", async () => {
    const world = await begun();
    await world.life.stopWork();
    await world.loseDaemon();
    await world.time.pass(3_600_000);
    expect([world.starts, world.daemon.calls.at(-1)]).toEqual([1, "shutdown"]);
    world.isUp = true;
    await world.life.begin();
    expect([world.starts, world.last]).toEqual([2, "page"]);
  });

  it("ends its own side and leaves the daemon alone", async () => {
    const world = await begun();
    world.life.end();
    await world.time.pass(60_000);
    expect(world.daemon.calls).not.toContain("shutdown");
    expect(world.last).toBe("page");
  });

  it.each([
    ["another host", { address: "http://evil.example/", file: "f" }],
    ["no file", { address: "http://127.0.0.1:4100/" }],
    ["nothing", {}],
  ])("refuses a daemon that names %s as its page", async (_what, result) => {
    const world = new World();
    world.daemon.answers = { "page.open": { result } };
    await world.life.begin();
    expect(world.last).toBe("SHELL_ANSWER");
  });

  it("refuses a file that leads to another port", async () => {
    const world = new World();
    world.daemon.target = `http://127.0.0.1:4999/#code=${CODE}`;
    await world.life.begin();
    expect([world.last, world.shown.some(({ kind }) => kind === "page")]).toEqual([
      "SHELL_ANSWER",
      false,
    ]);
  });

  it("tells a daemon that starts and does not answer", async () => {
    const world = new World();
    world.isUp = false;
    await world.life.begin();
    expect(world.last).toBe("SHELL_DAEMON");
  });
});
