import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Shape } from "../../../../src-main/engine/program/program.ts";
import { bitsOf, numbers } from "../../../generators/canonical-numbers.ts";
import { runOp, shapeOf, tensorOf, verdictOf } from "../../../generators/run-op.ts";

const [BATCH, M, K, N] = [3, 2, 5, 4];

const verdict = (a: Shape, b: Shape, attributes: readonly number[]): string =>
  verdictOf(shapeOf("batch-matmul", [a, b], attributes));

describe("batch-matmul", () => {
  it("gives each batch element the bytes of its own matmul, however it is stored", () => {
    const profiles = fc.constantFrom(0, 1, 2);
    const flag = fc.constantFrom(0, 1);
    const operands = [numbers(BATCH * M * K), numbers(BATCH * K * N)] as const;
    fc.assert(
      fc.property(...operands, profiles, flag, flag, (a, b, profile, aFlag, bFlag) => {
        const swap = (values: Float32Array, rows: number, columns: number) =>
          runOp("transpose", [tensorOf([BATCH, rows, columns], values)], { attributes: [0, 2, 1] });
        const left = aFlag === 1 ? swap(a, M, K) : tensorOf([BATCH, M, K], a);
        const right = bFlag === 1 ? swap(b, K, N) : tensorOf([BATCH, K, N], b);
        const attributes = [profile, aFlag, bFlag];
        const { values, shape } = runOp("batch-matmul", [left, right], { attributes });
        expect(shape).toEqual([BATCH, M, N]);
        for (let element = 0; element < BATCH; element += 1) {
          const one = runOp(
            "matmul",
            [
              tensorOf([M, K], a.slice(element * M * K, (element + 1) * M * K)),
              tensorOf([K, N], b.slice(element * K * N, (element + 1) * K * N)),
            ],
            { attributes: [profile] },
          );
          const part = values.slice(element * M * N, (element + 1) * M * N);
          expect(bitsOf(part)).toEqual(bitsOf(one.values));
        }
      }),
    );
  });

  it("refuses what does not fit", () => {
    expect(verdict([2, 3, 4], [2, 4, 5], [0, 0, 0])).toBe("2×3×5");
    expect(verdict([2, 4, 3], [2, 5, 4], [0, 1, 1])).toBe("2×3×5");
    expect(verdict([2, 7, 3, 4], [2, 7, 4, 5], [1, 0, 0])).toBe("2×7×3×5");
    expect(verdict([2, 3, 4], [2, 4, 5], [0, 1, 0])).toBe("ENGINE_SHAPE");
    expect(verdict([2, 3, 4], [3, 4, 5], [0, 0, 0])).toBe("ENGINE_SHAPE");
    expect(verdict([3, 4], [4, 5], [0, 0, 0])).toBe("ENGINE_SHAPE");
    expect(verdict([2, 3, 4], [2, 4, 5], [3, 0, 0])).toBe("ENGINE_ATTRIBUTE");
    expect(verdict([2, 3, 4], [2, 4, 5], [0, 2, 0])).toBe("ENGINE_ATTRIBUTE");
    expect(verdict([2, 3, 4], [2, 4, 5], [0, 0])).toBe("ENGINE_ATTRIBUTE");
    const long = 2 ** 27 + 1;
    expect(verdict([1, 1, long], [1, long, 1], [0, 0, 0])).toBe("ENGINE_LIMIT");
  });
});
