import { describe, expect, it } from "vitest";
import { ReferenceBackend } from "../../../../src-main/engine/index.ts";
import {
  measureDevice,
  measureRuns,
} from "../../../../src-main/miner/calibration/measure-device.ts";

/** A clock, and a meter that counts two joules for each millisecond of it. */
function world(step: number) {
  let now = 0;
  const counter = { name: "a meter", tier: "B", joules: () => 2 * now } as const;
  return { nowMs: () => (now += step), counter, pass: (ms: number) => (now += ms) };
}

describe("miner/calibration/measure-device", () => {
  it("tells a rate for each product and standard step that is asked for", async () => {
    // Each look at the clock is a millisecond later, so a run takes one.
    const rates = await measureDevice(
      new ReferenceBackend(),
      { productSize: 16, eachMs: 1, mostMs: 100, products: ["I14", "I8"], steps: ["mlp"] },
      { ...world(1), counter: null },
    );
    const gops = (2 * 16 ** 3) / 1e6;
    expect(rates.products).toEqual([
      { profile: "I14", size: 16, gops },
      { profile: "I8", size: 16, gops },
    ]);
    expect(rates.steps).toEqual([
      { step: "mlp", batchSize: 64, stepsPerSecond: 1000, joulesPerStep: null, stepBytes: null },
    ]);
  });

  it("does not count the first run, nor one that was interrupted", async () => {
    const { nowMs, counter, pass } = world(0);
    const durations = [900, 5, 80, 7];
    const run = () => Promise.resolve(void pass(durations.shift() ?? 6));
    const options = { eachMs: 50, mostMs: 1_000 };
    const { ms, joules } = await measureRuns(run, options, { nowMs, counter });
    expect(ms).toBe(7);
    // Energy is not the median's: what interrupted the run drew its share.
    expect(joules).toBe((2 * (5 + 80 + 7)) / 3);
  });

  it("times runs together that end before their work, and waits for it", async () => {
    const { nowMs, counter, pass } = world(0);
    let [runs, left] = [0, 0];
    const run = () => {
      runs += 1;
      left += 5;
      // Handed over in no time, and behind the host's back until there is a heap of it.
      if (left > 20) pass(left - 20);
      left = Math.min(left, 20);
      return Promise.resolve();
    };
    const finished = () => {
      pass(left);
      left = 0;
      return Promise.resolve();
    };
    const options = { eachMs: 400, mostMs: 1_000 };
    const cost = await measureRuns(run, options, { nowMs, counter }, { finished });
    expect(cost).toEqual({ ms: 5, joules: 10 });
    // One that is not counted, then samples of 400 / 8 / 5 runs until 400 ms are over.
    expect(runs).toBe(1 + 8 * 10);
  });

  it("takes a run once where once is long enough", async () => {
    const { nowMs, counter, pass } = world(0);
    let runs = 0;
    const run = () => {
      runs += 1;
      pass(4_000);
      return Promise.resolve();
    };
    const needs = { nowMs, counter };
    expect(await measureRuns(run, { eachMs: 50, mostMs: 1_000 }, needs)).toEqual({
      ms: 4_000,
      joules: 8_000,
    });
    expect(runs).toBe(1);
    const none = { nowMs, counter: null };
    expect((await measureRuns(run, { eachMs: 50, mostMs: 1_000 }, none)).joules).toBeNull();
  });
});
