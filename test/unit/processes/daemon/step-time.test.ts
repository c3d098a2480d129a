import { describe, expect, it } from "vitest";

import {
  compileTraining,
  DIGITS_CNN,
  DIGITS_TINY,
  modelText,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";
import type { ChosenEngine } from "../../../../src-main/processes/daemon/choose-engine.ts";
import { openStepTime } from "../../../../src-main/processes/daemon/step-time.ts";

function engine(
  name: ChosenEngine["cpu"]["engine"],
  variant: string,
  threads: number,
): ChosenEngine {
  return {
    cpu: { engine: name, variant, exact: true, reason: null },
    device: { engine: name, isa: null, threads },
  };
}

function programOf(model: ModelConfig) {
  const program = compileTraining(model);
  if (!program.ok) throw new Error(program.rejection.code);
  return program.value;
}

const none = { units: () => [], modelOf: () => null };

describe("openStepTime", () => {
  it("expects more of more threads and wider registers, and little of the reference", () => {
    const program = programOf(DIGITS_CNN);
    const timeOf = (chosen: ChosenEngine) => openStepTime({ engine: chosen, ...none })(program);
    const times = [
      timeOf(engine("native-cpu", "avx512vnni, 8 threads", 8)),
      timeOf(engine("native-cpu", "avx512vnni, 2 threads", 2)),
      timeOf(engine("native-cpu", "avx2, 2 threads", 2)),
      timeOf(engine("wasm", "128-bit vectors, 1 thread", 1)),
      timeOf(engine("native-cpu", "scalar, 2 threads", 2)),
      timeOf(engine("reference", "plain TypeScript, 1 thread", 1)),
    ];
    expect(times.toSorted((left, right) => left - right)).toEqual(times);
  });

  it("learns from a unit that was paid and long enough to tell, and from no other", () => {
    const program = programOf(DIGITS_TINY);
    const times = { trainMs: 120_000, commitMs: 0, spotMs: 0, trainCpuMs: 0 };
    const unit = { job: "ab", phase: "paid", steps: 120, times } as const;
    const chosen = engine("native-cpu", "avx2", 2);
    const modelOf = () => modelText(DIGITS_TINY);
    const timeWith = (units: readonly (typeof unit)[]) =>
      openStepTime({ engine: chosen, units: () => units, modelOf })(program);
    const assumed = openStepTime({ engine: chosen, ...none })(program);
    expect(timeWith([unit])).toBeCloseTo(1_000, 5);
    expect(timeWith([{ ...unit, times: { ...times, trainMs: 900 } }])).toBe(assumed);
    expect(timeWith([{ ...unit, phase: "voided" as "paid" }])).toBe(assumed);
  });
});
