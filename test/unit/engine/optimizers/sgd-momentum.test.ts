import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { evaluateStep, updatedStates } from "../../../../src-main/engine/reference/evaluate.ts";
import { add, mul, sub } from "../../../../src-main/engine/primitives.ts";

const compiled = compileTraining({
  input: { height: 2, width: 2, channels: 1 },
  classes: 2,
  batchSize: 8,
  layers: [{ type: "flatten" }, { type: "dense", units: 2, activation: "none" }],
  loss: "softmax-cross-entropy",
  optimizer: {
    type: "sgd-momentum",
    momentum: 0.9,
    schedule: [
      { step: 1, rate: 0.25 },
      { step: 3, rate: 0.125 },
    ],
  },
});
if (!compiled.ok) throw new Error(compiled.rejection.code);
const program = compiled.value;

/** Bright above means class 1, bright below class 0. */
const batch = Uint8Array.from({ length: 40 }, (_, at) => {
  const sample = Math.floor(at / 5);
  const label = sample % 2;
  if (at % 5 === 4) return label;
  return at % 5 < 2 === (label === 1) ? 200 + sample : 20 + sample;
});

describe("appendSgdMomentum", () => {
  it("learns what can be learned", () => {
    const [{ value: loss }] = program.outputs;
    let states = initialStates(new Uint8Array(32).fill(1), program);
    const losses: number[] = [];
    for (let step = 1; step <= 40; step += 1) {
      const values = evaluateStep(program, states, { step, batch });
      losses.push(values[loss.index][0]);
      states = updatedStates(program, states, values);
    }
    expect(losses[39]).toBeLessThan(0.1);
    expect(losses[39]).toBeLessThan(losses[0] / 4);
  });

  it("is v ← μ·v + g and w ← w − rate·v, in exactly these roundings", () => {
    let states = initialStates(new Uint8Array(32).fill(1), program);
    const momentum = Math.fround(0.9);
    for (const [index, rate] of [0.25, 0.25, 0.125].entries()) {
      const values = evaluateStep(program, states, { step: index + 1, batch });
      const after = updatedStates(program, states, values);
      // States: weights, bias, velocity of weights, velocity of bias.
      const gradient = program.ops.findLastIndex(({ op }) => op === "matmul");
      for (const [at, g] of values[gradient].entries()) {
        const velocity = add(mul(states[2][at], momentum), g);
        expect(after[2][at]).toBe(velocity);
        expect(after[0][at]).toBe(sub(states[0][at], mul(velocity, rate)));
      }
      states = after;
    }
  });
});
