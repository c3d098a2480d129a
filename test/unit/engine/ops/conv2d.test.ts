import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateElement, opNamed } from "../../../../src-main/engine/ops/registry.ts";
import { bitsOf, numbers } from "../../../generators/canonical-numbers.ts";
import { callOf, runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";
import type { Surroundings, Tensor } from "../../../generators/run-op.ts";

const X = [2, 5, 4, 2];
const W = [3, 3, 2, 3];
const strides = fc.constantFrom(1, 2);
const pads = fc.constantFrom(0, 1, 2);
const profiles = fc.constantFrom(0, 2);

function expectElementsAgree(name: string, inputs: readonly Tensor[], around: Surroundings): void {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  const call = callOf(name, inputs, around);
  const whole = op.evaluate(call);
  expect(bitsOf(whole.map((_, at) => evaluateElement(op, call, at)))).toEqual(bitsOf(whole));
}

describe("conv2d", () => {
  it("gives each element alone with equal bits, forward and both gradients", () => {
    fc.assert(
      fc.property(
        numbers(80),
        numbers(54),
        numbers(2 * 9 * 8 * 3),
        fc.tuple(profiles, strides, pads),
        (xs, ws, dys, attributes) => {
          const x = tensorOf(X, xs);
          const w = tensorOf(W, ws);
          expectElementsAgree("conv2d", [x, w], { attributes });
          const { shape } = runOp("conv2d", [x, w], { attributes });
          const count = shape.reduce((product, dim) => product * dim, 1);
          const dy = tensorOf(shape, dys.subarray(0, count));
          expectElementsAgree("conv2d-gradient-input", [dy, w], { attributes, declared: X });
          expectElementsAgree("conv2d-gradient-filter", [x, dy], { attributes, declared: W });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("does not depend on the order of the images a filter gradient sums over", () => {
    fc.assert(
      fc.property(numbers(80), numbers(2 * 20 * 3), profiles, (xs, dys, profile) => {
        const turned = (values: Float32Array): Float32Array => {
          const half = values.length / 2;
          return values.map((_, at) => values[(at + half) % values.length]);
        };
        const around = { attributes: [profile, 1, 1], declared: W };
        const dyShape = [2, 5, 4, 3];
        const run = (x: Float32Array, dy: Float32Array) =>
          runOp("conv2d-gradient-filter", [tensorOf(X, x), tensorOf(dyShape, dy)], around);
        expect(bitsOf(run(turned(xs), turned(dys)).values)).toEqual(bitsOf(run(xs, dys).values));
      }),
    );
  });

  it("is the matrix product where the filter is a single tap", () => {
    fc.assert(
      fc.property(numbers(12), numbers(6), (xs, ws) => {
        // One pixel an image, so an image's exponent is a row's.
        const conv = runOp("conv2d", [tensorOf([4, 1, 1, 3], xs), tensorOf([1, 1, 3, 2], ws)], {
          attributes: [0, 1, 0],
        });
        const product = runOp("matmul", [tensorOf([4, 3], xs), tensorOf([3, 2], ws)], {
          attributes: [0],
        });
        expect(bitsOf(conv.values)).toEqual(bitsOf(product.values));
      }),
    );
  });

  it("refuses what does not fit", () => {
    const verdict = (x: readonly number[], w: readonly number[], attributes: readonly number[]) =>
      verdictOf(shapeOf("conv2d", [x, w], attributes));
    expect(verdict([1, 5, 5, 1], [3, 3, 1, 2], [0, 1, 1])).toBe("1×5×5×2");
    expect(verdict([1, 5, 5, 1], [3, 3, 1, 2], [0, 2, 0])).toBe("1×2×2×2");
    expect(verdict([1, 5, 5, 2], [3, 3, 1, 2], [0, 1, 1])).toBe("ENGINE_SHAPE");
    expect(verdict([1, 2, 2, 1], [3, 3, 1, 2], [0, 1, 0])).toBe("ENGINE_SHAPE");
    expect(verdict([1, 5, 5, 1], [3, 3, 1, 2], [1, 1, 1])).toBe("ENGINE_ATTRIBUTE");
    expect(verdict([1, 5, 5, 1], [3, 3, 1, 2], [0, 0, 1])).toBe("ENGINE_ATTRIBUTE");
    expect(verdict([1, 5, 5, 1], [3, 3, 1, 2], [0, 1, -1])).toBe("ENGINE_ATTRIBUTE");
    const wrongDy = shapeOf(
      "conv2d-gradient-input",
      [
        [1, 4, 4, 2],
        [3, 3, 1, 2],
      ],
      [0, 1, 1],
      [1, 5, 5, 1],
    );
    expect(verdictOf(wrongDy)).toBe("ENGINE_SHAPE");
  });
});
