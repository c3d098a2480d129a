import { describe, expect, it } from "vitest";
import { compileEvaluation, compileTraining } from "../../../../src-main/engine/compile.ts";
import { DIGITS_CNN } from "../../../../src-main/engine/models/digits-cnn.ts";
import { opCost, stepCost } from "../../../../src-main/engine/program/cost.ts";

describe("stepCost", () => {
  it("counts the products of the default model, forward and backward", () => {
    const compiled = compileTraining(DIGITS_CNN);
    if (!compiled.ok) throw new Error(compiled.rejection.code);
    const program = compiled.value;
    const costOf = (name: string) =>
      program.ops.filter(({ op }) => op === name).map((record) => opCost(program, record));
    const first = 32 * 28 * 28 * 9 * 16;
    const second = 32 * 14 * 14 * 9 * 16 * 32;
    expect(costOf("conv2d")).toEqual([first, second]);
    expect(costOf("conv2d-gradient-filter")).toEqual([second, first]);
    // The images themselves are data: no gradient is computed for them.
    expect(costOf("conv2d-gradient-input")).toEqual([second]);
    expect(costOf("matmul")).toEqual([501_760, 501_760, 501_760]);
    expect(Number.isSafeInteger(stepCost(program))).toBe(true);
  });

  it("asks less for looking than for training", () => {
    const training = compileTraining(DIGITS_CNN);
    const evaluation = compileEvaluation(DIGITS_CNN);
    if (!training.ok || !evaluation.ok) throw new Error("compiles");
    expect(stepCost(training.value)).toBeGreaterThan(2 * stepCost(evaluation.value));
  });
});
