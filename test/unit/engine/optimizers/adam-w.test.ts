import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import type { AdamW, ModelConfig } from "../../../../src-main/engine/models/model-config.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { evaluateStep, updatedStates } from "../../../../src-main/engine/reference/evaluate.ts";
import type { Program } from "../../../../src-main/engine/program/program.ts";

const optimizer: AdamW = {
  type: "adam-w",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.05,
  schedule: [
    { step: 1, rate: 0.02 },
    { step: 10, rate: 0.01 },
  ],
};

const model: ModelConfig = {
  input: { features: 3 },
  classes: 2,
  batchSize: 8,
  layers: [
    { type: "dense", units: 4, activation: "relu" },
    { type: "dense", units: 2, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer,
};

function compiled(config: ModelConfig): Program {
  const outcome = compileTraining(config);
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
}

/** The first feature's sign is the class. */
function batch(): Uint8Array {
  const bytes = new Uint8Array(8 * 13);
  const view = new DataView(bytes.buffer);
  for (let sample = 0; sample < 8; sample += 1) {
    const sign = sample % 2 === 0 ? -1 : 1;
    view.setFloat32(13 * sample, sign * (0.5 + sample / 8), true);
    view.setFloat32(13 * sample + 4, (sample % 3) - 1, true);
    view.setFloat32(13 * sample + 8, (sample % 5) / 4, true);
    bytes[13 * sample + 12] = sample % 2;
  }
  return bytes;
}

const seed = new Uint8Array(32).fill(3);
const STEPS = 60;

/** The states and the values of all ops, step by step. */
function* training(program: Program) {
  let states = initialStates(seed, program);
  for (let step = 1; step <= STEPS; step += 1) {
    const values = evaluateStep(program, states, { step, batch: batch() });
    states = updatedStates(program, states, values);
    yield { step, values, states };
  }
}

describe("appendAdamW", () => {
  it("keeps both powers and two moments a parameter after all parameters", () => {
    const program = compiled(model);
    expect(program.states.map(({ name }) => name)).toEqual([
      "layer-0/weights",
      "layer-0/bias",
      "layer-1/weights",
      "layer-1/bias",
      "beta1-power",
      "beta2-power",
      "moment-1/layer-0/weights",
      "moment-2/layer-0/weights",
      "moment-1/layer-0/bias",
      "moment-2/layer-0/bias",
      "moment-1/layer-1/weights",
      "moment-2/layer-1/weights",
      "moment-1/layer-1/bias",
      "moment-2/layer-1/bias",
    ]);
    expect(program.updates.length).toBe(program.states.length);
  });

  it("learns what can be learned", () => {
    const losses = [...training(compiled(model))].map(({ values }) => {
      return values[compiled(model).outputs[0].value.index][0];
    });
    expect(losses[STEPS - 1]).toBeLessThan(losses[0] / 3);
  });

  it("follows AdamW in doubles, on the same gradients, to a few units in the last place", () => {
    const program = compiled(model);
    const first = program.ops.findLastIndex(({ op, attributes }) => {
      return op === "matmul" && attributes[0] === 1;
    });
    const weights = Float64Array.from(initialStates(seed, program)[0]);
    const [mean, square] = [new Float64Array(12), new Float64Array(12)];
    for (const { step, values, states } of training(program)) {
      const rate = step < 10 ? 0.02 : 0.01;
      for (const [at, gradient] of values[first].entries()) {
        mean[at] = 0.9 * mean[at] + 0.1 * gradient;
        square[at] = 0.999 * square[at] + 0.001 * gradient * gradient;
        const root = Math.sqrt(square[at] / (1 - 0.999 ** step));
        const direction = mean[at] / (1 - 0.9 ** step) / (root + 1e-8);
        weights[at] -= rate * (direction + 0.05 * weights[at]);
        expect(Math.abs(states[0][at] - weights[at])).toBeLessThan(2e-5 * step * rate + 1e-6);
      }
    }
  });

  it("takes any hyper-parameter the model's text may hold", () => {
    for (const change of [{ beta1: 0, beta2: 0 }, { beta1: 1e-40 }, { weightDecay: -0 }]) {
      const changed = { ...model, optimizer: { ...optimizer, ...change } };
      expect(compileTraining(changed).ok).toBe(true);
    }
  });
});
