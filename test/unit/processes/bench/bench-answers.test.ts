import { describe, expect, it } from "vitest";
import { readBenchAnswer } from "../../../../src-main/processes/bench/bench-answers.ts";

const choice = { device: "cpu0", name: "A processor", variant: null, threads: 2, isSlow: false };
const rates = {
  products: [{ profile: "I14", size: 64, gops: 1.5 }],
  steps: [{ step: "cnn", batchSize: 64, stepsPerSecond: 3, joulesPerStep: null, stepBytes: 5 }],
};
const measured = { kind: "measured", variant: "avx2", wrongOps: [], rates, meter: null };

describe("processes/bench/bench-answers", () => {
  it("reads every answer that is whole", () => {
    const whole: readonly unknown[] = [
      { kind: "choices", choices: [choice], isExact: true },
      { kind: "absent", code: "WEBGPU_ENGINE_ABSENT", reason: "none" },
      measured,
      { ...measured, wrongOps: ["div"], rates: null },
    ];
    for (const answer of whole) expect(readBenchAnswer(answer)).toEqual(answer);
  });

  it("reads nothing where a part is missing, of another kind or no rate", () => {
    const [step] = rates.steps;
    const broken: readonly unknown[] = [
      null,
      [],
      { kind: "choices", choices: [choice] },
      { kind: "choices", choices: [{ ...choice, threads: "2" }], isExact: true },
      { kind: "choices", choices: Array.from({ length: 65 }, () => choice), isExact: true },
      { kind: "absent", code: "X" },
      { ...measured, variant: "v".repeat(1_001) },
      { ...measured, wrongOps: [1] },
      { ...measured, rates: { products: [], steps: [{ ...step, stepsPerSecond: 0 }] } },
      { ...measured, rates: { products: [], steps: [{ ...step, joulesPerStep: "1" }] } },
      { ...measured, rates: { products: [], steps: [{ ...step, stepBytes: 0.5 }] } },
      { ...measured, meter: { name: 5, tier: "C" } },
      { ...measured, rates: { steps: [] } },
      { kind: "done" },
    ];
    for (const message of broken) expect(readBenchAnswer(message)).toBeUndefined();
  });
});
