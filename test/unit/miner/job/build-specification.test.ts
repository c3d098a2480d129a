import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { DIGITS_CNN, DIGITS_CNN_STEPS, DIGITS_TINY } from "../../../../src-main/engine/index.ts";
import { detectionOdds, segmentCount } from "../../../../src-main/learning/index.ts";
import { buildSpecification } from "../../../../src-main/miner/job/build-specification.ts";
import type { JobPlan } from "../../../../src-main/miner/job/build-specification.ts";
import { openJob } from "../../../../src-main/miner/job/job-program.ts";

const plan = (steps: number): JobPlan => ({
  model: DIGITS_TINY,
  steps,
  datasetRoot: new Uint8Array(32).fill(1),
  trainFirst: 0,
  trainCount: 9_000,
  holdoutFirst: 9_000,
  holdoutCount: 1_000,
  seed: new Uint8Array(32).fill(2),
});

describe("miner/job/build-specification", () => {
  it("cuts at least 50 segments and meets both bounds on detection, for any steps", () => {
    for (let steps = 50; steps < 6_000; steps += 37) {
      const spec = buildSpecification(sha256, plan(steps));
      const count = segmentCount(spec);
      expect(count).toBeGreaterThanOrEqual(50);
      const single = detectionOdds(spec, 1);
      expect(single.numerator * 10n >= single.denominator).toBe(true);
      const tenth = detectionOdds(spec, Math.ceil(count / 10));
      expect(tenth.numerator * 5n >= tenth.denominator).toBe(true);
      const fewer = detectionOdds({ ...spec, sampledSegments: spec.sampledSegments - 1 }, 1);
      expect(fewer.numerator * 10n < fewer.denominator).toBe(true);
    }
  });

  it("samples 3 of 57 segments of the default job", () => {
    const digits = { ...plan(DIGITS_CNN_STEPS), model: DIGITS_CNN };
    const spec = buildSpecification(sha256, digits);
    expect([segmentCount(spec), spec.sampledSegments]).toEqual([57, 3]);
    expect(spec.unitBondBase).toBe(10n * spec.unitPriceBase);
  });

  it("gives a specification that opens, and none other", () => {
    const spec = buildSpecification(sha256, plan(120));
    expect(openJob(sha256, spec).program.outputs.length).toBe(2);
    const codes = [
      { programHash: new Uint8Array(32) },
      { batchSize: spec.batchSize + 1 },
      { model: `${spec.model} ` },
    ];
    for (const part of codes) {
      const fault = expect.objectContaining({ code: "LEARNING_PROGRAM" });
      expect(() => openJob(sha256, { ...spec, ...part })).toThrowError(fault);
    }
    const profile = new Uint8Array(32);
    const fault = expect.objectContaining({ code: "LEARNING_PROFILE" });
    expect(() => openJob(sha256, { ...spec, profile })).toThrowError(fault);
  });

  it("refuses a plan that is not sound with the reason", () => {
    const fault = expect.objectContaining({ code: "MINER_JOB" });
    expect(() => buildSpecification(sha256, { ...plan(120), trainCount: 1 })).toThrowError(fault);
  });
});
