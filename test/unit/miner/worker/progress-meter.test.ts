import { describe, expect, it } from "vitest";
import { ProgressMeter } from "../../../../src-main/miner/worker/progress-meter.ts";

const step = { loss: 2, correct: 8, samples: 16 };

describe("miner/worker/progress-meter", () => {
  it("is due at most ten times a second however fast the steps are", () => {
    const meter = new ProgressMeter();
    let due = 0;
    for (let ms = 0; ms < 5_000; ms += 1) if (meter.add(ms, step)) due += 1;
    expect(due).toBeGreaterThan(40);
    expect(due).toBeLessThanOrEqual(50);
  });

  it("tells pace, loss and accuracy of recent steps", () => {
    const meter = new ProgressMeter();
    expect(meter.report()).toEqual({ loss: null, accuracy: null, stepsPerSecond: null });
    for (let count = 0; count < 100; count += 1) meter.add(20 * count, { ...step, loss: 9 });
    for (let count = 100; count < 200; count += 1) meter.add(20 * count, step);
    const { loss, accuracy, stepsPerSecond } = meter.report();
    expect([loss, accuracy]).toEqual([2, 0.5]);
    expect(stepsPerSecond).toBe(50);
  });
});
