import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import type { Child } from "../../../../../src-main/miner/index.ts";
import type { WatchedDevice } from "../../../../../src-main/ports/device-telemetry.ts";
import { DriverReader } from "../../../../../src-main/processes/daemon/telemetry/driver-reader.ts";
import { MovedClock, NotedLog } from "../../../../worlds/moved-clock.ts";

/** A reader process that says what the test makes it say. */
class ToldChild implements Child {
  readonly pid = 1;
  readonly sent: unknown[] = [];
  killed = false;
  #listener: (message: unknown) => void = () => undefined;
  #onExit: (end: { code: number | null; signal: string | null; words: string }) => void = () =>
    undefined;

  send(message: unknown): void {
    this.sent.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onExit(listener: (end: { code: number | null; signal: string | null; words: string }) => void) {
    this.#onExit = listener;
  }

  kill(): void {
    this.killed = true;
  }

  say(message: unknown): void {
    this.#listener(message);
  }

  end(): void {
    this.#onExit({ code: null, signal: "SIGSEGV", words: "" });
  }
}

const DEVICES = ["gpu-0", "gpu-1"].map((id) => ({ id, name: id, source: "amdgpu" }));

const begin = () => {
  const clock = new MovedClock(1_700_000_000_000);
  const children: ToldChild[] = [];
  const log = new NotedLog();
  let devices: readonly WatchedDevice[] = [];
  const reader = new DriverReader({
    fork: () => {
      const child = new ToldChild();
      children.push(child);
      return child;
    },
    clock,
    log,
    ids: [["0000:03:00.0", "gpu-0"]],
    onDevices: (found) => (devices = found),
  });
  const tell = (child: ToldChild, index: number, celsius: number) =>
    child.say({ kind: "sample", index, sample: { atMs: clock.nowMs(), ...NOTHING_TOLD, celsius } });
  return { clock, children, log, reader, tell, devices: () => devices };
};

describe("DriverReader", () => {
  it("gives the newest sample while it is fresh, and nothing once it is not", () => {
    const { clock, children, tell, devices } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    tell(children[0], 0, 61);
    expect(devices()[0].sample().celsius).toBe(61);
    expect(devices()[1].sample().celsius).toBeNull();
    clock.pass(4_000);
    expect(devices()[0].sample().celsius).toBeNull();
  });

  it("ends a reader that hangs and begins another without the device that hung", () => {
    const { clock, children, tell, log } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    for (let second = 0; second < 20; second += 1) {
      tell(children[0], 0, 60);
      tell(children[0], 1, 60);
      clock.pass(1_000);
    }
    tell(children[0], 0, 60);
    clock.pass(15_000);
    expect(children[0].killed).toBe(true);
    expect(log.warnings[0].facts).toMatchObject({ code: "TELEMETRY_READER", device: "gpu-1" });
    clock.pass(30_000);
    expect(children).toHaveLength(2);
    expect(children[1].sent[0]).toMatchObject({ kind: "begin", without: ["gpu-1"] });
  });

  it("gives nothing of a device that was left out, least of all its neighbour's figures", () => {
    const { clock, children, tell, devices } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    const [hung, well] = devices();
    clock.pass(15_000);
    clock.pass(30_000);
    expect(children[1].sent[0]).toMatchObject({ without: ["gpu-0"] });
    children[1].say({ kind: "devices", devices: [DEVICES[1]] });
    tell(children[1], 0, 71);
    expect([hung.sample().celsius, well.sample().celsius]).toEqual([null, 71]);
    expect(devices()[0].sample().celsius).toBe(71);
  });

  it("asks a device that hung again after a time, ever more seldom", () => {
    const { clock, children, tell } = begin();
    /** Seconds of a reader that is well, until another is begun in its place. */
    const secondsOf = (place: number): number => {
      let seconds = 0;
      for (; children.length === place + 1; seconds += 1) {
        tell(children[place], 0, 60);
        clock.pass(1_000);
      }
      return seconds;
    };
    children[0].say({ kind: "devices", devices: DEVICES });
    clock.pass(45_000);
    children[1].say({ kind: "devices", devices: [DEVICES[1]] });
    expect(secondsOf(1)).toBeLessThan(600);
    expect(children[1].killed).toBe(true);
    expect(children[2].sent[0]).toMatchObject({ without: [] });
    children[2].say({ kind: "opening", id: "gpu-0" });
    clock.pass(15_000);
    clock.pass(30_000);
    expect(children[3].sent[0]).toMatchObject({ without: ["gpu-0"] });
    children[3].say({ kind: "devices", devices: [DEVICES[1]] });
    expect(secondsOf(3)).toBeGreaterThan(1_000);
    expect(children[4].sent[0]).toMatchObject({ without: [] });
  });

  it("blames the device that was being opened where the reader hangs before it lists any", () => {
    const { clock, children, log } = begin();
    children[0].say({ kind: "opening", id: "gpu-0" });
    children[0].say({ kind: "opening", id: "gpu-1" });
    clock.pass(15_000);
    expect(log.warnings[0].facts).toMatchObject({ code: "TELEMETRY_READER", device: "gpu-1" });
    clock.pass(30_000);
    expect(children[1].sent[0]).toMatchObject({ without: ["gpu-1"] });
    // A second life that hangs without a word blames nobody of the list of an earlier one.
    clock.pass(15_000);
    clock.pass(60_000);
    expect(children[2].sent[0]).toMatchObject({ without: ["gpu-1"] });
  });

  it("begins a reader that crashed again, later each time, and blames no device", () => {
    const { clock, children } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    children[0].end();
    clock.pass(30_000);
    expect(children).toHaveLength(2);
    expect(children[1].sent[0]).toMatchObject({ without: [] });
    children[1].end();
    clock.pass(59_000);
    expect(children).toHaveLength(2);
    clock.pass(1_000);
    expect(children).toHaveLength(3);
  });

  it("asks for a limit of power, and waits neither for a silent driver nor for none", async () => {
    const { clock, children, reader, log } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    const wish = { watts: 200, mostWatts: 250 };
    const answer = { outcome: "done", why: "", before: 250, now: 200 };
    const first = reader.limit("gpu-1", wish);
    expect(children[0].sent[1]).toEqual({ kind: "limit", ask: 1, id: "gpu-1", wish });
    children[0].say({ kind: "opening", id: "gpu-1" });
    children[0].say({ kind: "limit", ask: 1, answer });
    expect(await first).toEqual(answer);
    const second = reader.limit("gpu-1", wish);
    clock.pass(2_000);
    expect(await second).toBeUndefined();
    // It hangs while it sets: its silence names the device.
    const third = reader.limit("gpu-1", wish);
    children[0].say({ kind: "opening", id: "gpu-1" });
    children[0].end();
    expect(await third).toBeUndefined();
    expect(log.warnings).toHaveLength(1);
    expect(await reader.limit("gpu-1", wish)).toBeUndefined();
  });

  it("goes on without a process that the machine cannot begin, and tries again", () => {
    const clock = new MovedClock(0);
    const log = new NotedLog();
    let begun = 0;
    const fork = (): Child => {
      begun += 1;
      throw new Error("spawn ENOMEM");
    };
    new DriverReader({ fork, clock, log, ids: [], onDevices: () => undefined });
    expect(log.warnings[0].facts).toMatchObject({ code: "TELEMETRY_READER" });
    clock.pass(30_000);
    expect(begun).toBe(2);
  });

  it("does not take a sleep of the machine for a hang", () => {
    const { clock, children, tell, log } = begin();
    children[0].say({ kind: "devices", devices: DEVICES });
    tell(children[0], 0, 60);
    tell(children[0], 1, 60);
    clock.jump(8 * 3_600_000);
    clock.pass(4_000);
    tell(children[0], 0, 30);
    clock.pass(6_000);
    expect(log.warnings).toEqual([]);
  });

  it("ends a reader that has nothing to read, and believes no nonsense", () => {
    const { clock, children, devices, log } = begin();
    children[0].say({ kind: "sample", index: "0" });
    children[0].say({ kind: "devices", devices: [{ id: 5 }] });
    children[0].say(null);
    expect(devices()).toEqual([]);
    children[0].say({ kind: "devices", devices: [] });
    expect(children[0].killed).toBe(true);
    clock.pass(600_000);
    expect(children).toHaveLength(1);
    expect(log.warnings).toEqual([]);
  });
});
