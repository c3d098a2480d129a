import { describe, expect, it } from "vitest";
import { appendSoftmaxCrossEntropy } from "../../../../src-main/engine/models/cross-entropy.ts";
import { ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";
import { checkProgram } from "../../../../src-main/engine/program/check.ts";
import { evaluateStep } from "../../../../src-main/engine/reference/evaluate.ts";

/** Loss and gradient for given logits [2, 3], labels 2 and 0. */
function lossOf(logits: readonly number[]): { loss: number; gradient: Float32Array } {
  const builder = new ProgramBuilder();
  const loaded = builder.op("load", [], [0], [2, 2]);
  const labels = builder.op("slice", [loaded], [1, 1, 1]);
  const targets = builder.op("one-hot", [labels], [3]);
  const state = builder.state("logits", [2, 3], { kind: "zeros" });
  const { loss, logitsGradient } = appendSoftmaxCrossEntropy(builder, state, targets);
  builder.output("loss", loss);
  builder.output("gradient", logitsGradient);
  const program = checkProgram(builder.finish());
  if (!program.ok) throw new Error(program.rejection.code);
  const batch = Uint8Array.of(0, 2, 0, 0);
  const values = evaluateStep(program.value, [Float32Array.from(logits)], { step: 1, batch });
  const [first, second] = program.value.outputs;
  return { loss: values[first.value.index][0], gradient: values[second.value.index] };
}

describe("appendSoftmaxCrossEntropy", () => {
  it("is ln 3 for equal logits, with the uniform gradient", () => {
    const { loss, gradient } = lossOf([5, 5, 5, 5, 5, 5]);
    expect(loss).toBeCloseTo(Math.log(3), 6);
    const third = Math.fround(1 / 3) / 2;
    const expected = [third, third, third - 0.5, third - 0.5, third, third];
    for (const [at, value] of expected.entries()) expect(gradient[at]).toBeCloseTo(value, 6);
  });

  it("stays finite at the largest logits", () => {
    const { loss, gradient } = lossOf([2 ** 60, -(2 ** 60), -(2 ** 60), 2 ** 60, 0, 0]);
    // The first label's probability is 2^-60 of all: its loss is the shift itself, halved.
    expect(loss).toBe(2 ** 59);
    expect(Array.from(gradient)).toEqual([0.5, 0, -0.5, 0, 0, 0]);
  });
});
