import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matmul } from "../../../../src-main/engine/ops/matmul.ts";
import type { Shape } from "../../../../src-main/engine/program/program.ts";
import { bitsOf, numbers } from "../../../generators/canonical-numbers.ts";
import { callOf, runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const [M, K, N] = [3, 7, 4];
const profiles = fc.constantFrom(0, 1, 2);

const verdict = (a: Shape, b: Shape, attributes: readonly number[]): string =>
  verdictOf(shapeOf("matmul", [a, b], attributes));

describe("matmul", () => {
  it("does not depend on the order of the contracted axis", () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: K });
    fc.assert(
      fc.property(numbers(M * K), numbers(K * N), order, profiles, (a, b, places, profile) => {
        const aMoved = a.map((_, at) => a[Math.floor(at / K) * K + places[at % K]]);
        const bMoved = b.map((_, at) => b[places[Math.floor(at / N)] * N + (at % N)]);
        const attributes = [profile];
        const plain = runOp("matmul", [tensorOf([M, K], a), tensorOf([K, N], b)], { attributes });
        const moved = runOp("matmul", [tensorOf([M, K], aMoved), tensorOf([K, N], bMoved)], {
          attributes,
        });
        expect(bitsOf(moved.values)).toEqual(bitsOf(plain.values));
      }),
    );
  });

  it("gives each element alone with equal bits", () => {
    fc.assert(
      fc.property(numbers(M * K), numbers(K * N), profiles, (a, b, profile) => {
        const inputs = [tensorOf([M, K], a), tensorOf([K, N], b)];
        const call = callOf("matmul", inputs, { attributes: [profile] });
        const whole = matmul.evaluate(call);
        const alone = whole.map((_, index) => matmul.evaluateElement?.(call, index) ?? Number.NaN);
        expect(bitsOf(alone)).toEqual(bitsOf(whole));
      }),
    );
  });

  it("keeps small contributions beside huge ones only when balanced", () => {
    // Column 1 of A is tiny and row 1 of B huge: I14 loses the former, I14K does not.
    const inputs = [tensorOf([1, 2], [1, 2 ** -30]), tensorOf([2, 1], [0, 2 ** 30])];
    expect(runOp("matmul", inputs, { attributes: [0] }).values[0]).toBe(0);
    expect(runOp("matmul", inputs, { attributes: [1] }).values[0]).toBe(1);
  });

  it("refuses what does not fit", () => {
    expect(verdict([2, 3], [3, 4], [0])).toBe("2×4");
    expect(verdict([2, 3], [4, 4], [0])).toBe("ENGINE_SHAPE");
    expect(verdict([2, 3, 1], [3, 4], [0])).toBe("ENGINE_SHAPE");
    expect(verdict([2, 3], [3, 4], [3])).toBe("ENGINE_ATTRIBUTE");
    expect(verdict([2, 3], [3, 4], [])).toBe("ENGINE_ATTRIBUTE");
    const long = 2 ** 27 + 1;
    expect(verdict([1, long], [long, 1], [0])).toBe("ENGINE_LIMIT");
  });
});
