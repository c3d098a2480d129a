import { describe, expect, it } from "vitest";
import { ReferenceBackend } from "../../../../src-main/engine/index.ts";
import { measureDevice, medianMs } from "../../../../src-main/miner/calibration/measure-device.ts";

describe("miner/calibration/measure-device", () => {
  it("tells a rate for each product and standard step", async () => {
    let now = 0;
    // Each look at the clock is a millisecond later, so a run takes one.
    const rates = await measureDevice(
      new ReferenceBackend(),
      { productSize: 16, eachMs: 1 },
      () => (now += 1),
    );
    const gops = (2 * 16 ** 3) / 1e6;
    expect(rates.products).toEqual([
      { profile: "I14", size: 16, gops },
      { profile: "I8", size: 16, gops },
    ]);
    expect(rates.steps).toEqual([
      { step: "cnn", batchSize: 64, stepsPerSecond: 1000 },
      { step: "mlp", batchSize: 64, stepsPerSecond: 1000 },
    ]);
  });

  it("does not count the first run, nor one that was interrupted", async () => {
    const durations = [900, 5, 80, 7];
    let now = 0;
    const run = () => {
      now += durations.shift() ?? 6;
      return Promise.resolve();
    };
    expect(await medianMs(run, 50, () => now)).toBe(7);
  });
});
