import { describe, expect, it } from "vitest";
import { appendDropout } from "../../../../src-main/engine/composites/dropout.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

const COUNT = 4_000;
const x = tensorOf([COUNT], new Array<number>(COUNT).fill(3));
const key = tensorOf([2], [0.5, -0.25]);

describe("dropout", () => {
  it("drops the rate and scales up the rest", () => {
    const { values } = runGraph(
      (graph, [a, b]) => appendDropout(graph, a, b, 0.25, 0),
      [x, key],
      7,
    );
    expect(new Set(values)).toEqual(new Set([0, 4]));
    const share = values.filter((value) => value === 0).length / COUNT;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
  });

  it("leaves everything at rate 0", () => {
    const { values } = runGraph((graph, [a, b]) => appendDropout(graph, a, b, 0, 0), [x, key]);
    expect(values).toEqual(x.values);
  });
});
