import { describe, expect, it } from "vitest";
import { appendCausalAttention } from "../../../../src-main/engine/composites/causal-attention.ts";
import { leastExponent } from "../../../../src-main/engine/exact/quantise.ts";
import { ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";
import { evaluateStep } from "../../../../src-main/engine/reference/evaluate.ts";
import { checkRandom } from "../../../../src-main/adapters/native-engine/check-random.ts";
import { TOLERANCE, checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const SHAPE = [2, 5, 4];
const COUNT = 40;

const random = checkRandom(3);
const drawn = () =>
  tensorOf(
    SHAPE,
    Array.from({ length: COUNT }, () => random.below(401) / 100 - 2),
  );

describe("causal attention", () => {
  it("mixes the rows up to each one by the softmax of their scores", () => {
    const [q, k, v] = [drawn(), drawn(), drawn()];
    const { values } = runGraph(
      (graph, [a, b, c]) => appendCausalAttention(graph, [a, b, c], 0),
      [q, k, v],
    );
    for (let n = 0; n < 2; n += 1) {
      for (let t = 0; t < 5; t += 1) {
        const row = (x: Float32Array, at: number) =>
          x.subarray((n * 5 + at) * 4, (n * 5 + at) * 4 + 4);
        const powers = Array.from({ length: t + 1 }, (_, at) => {
          const score = row(q.values, t).reduce(
            (sum, one, i) => sum + one * row(k.values, at)[i],
            0,
          );
          return Math.exp(score / 2);
        });
        const total = powers.reduce((sum, power) => sum + power, 0);
        for (let i = 0; i < 4; i += 1) {
          const mixed = powers.reduce((sum, power, at) => sum + power * row(v.values, at)[i], 0);
          expect(Math.abs(row(values, t)[i] - mixed / total)).toBeLessThan(1e-3);
        }
      }
    }
  });

  it("gives every row of powers the exponent −12, or −6 in 8 bits, on any numbers", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const hostile = checkRandom(seed);
      const builder = new ProgramBuilder();
      builder.op("load", [], [0], [1, 2]);
      const [q, k, v] = ["q", "k", "v"].map((name) =>
        builder.state(name, SHAPE, { kind: "zeros" }),
      );
      appendCausalAttention(builder, [q, k, v], 0);
      const states = [0, 1, 2].map(() => hostile.tensor(COUNT));
      const program = builder.finish();
      const values = evaluateStep(program, states, { step: 1, batch: new Uint8Array(2) });
      const powers = values[program.ops.findIndex(({ op }) => op === "exp")];
      for (let row = 0; row < 10; row += 1) {
        const maximum = Math.max(...powers.subarray(5 * row, 5 * row + 5));
        expect([maximum, leastExponent(maximum, 8127), leastExponent(maximum, 127)]).toEqual([
          1, -12, -6,
        ]);
      }
    }
  });

  it("has the gradient of its differences for queries, keys and values", () => {
    checkGradients(
      (graph, [q, k, v, weights]) =>
        graph.op("mul", [appendCausalAttention(graph, [q, k, v], 0), weights]),
      [
        [2, 3, 2],
        [2, 3, 2],
        [2, 3, 2],
        [2, 3, 2],
      ],
      5 * TOLERANCE.I14,
    );
  });
});
