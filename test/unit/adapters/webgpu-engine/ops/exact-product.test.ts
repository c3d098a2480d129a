import { describe, expect, it } from "vitest";
import {
  partsOf,
  tilingOf,
} from "../../../../../src-main/adapters/webgpu-engine/ops/exact-product.ts";

describe("exact-product", () => {
  it("cuts a long sum over few elements into parts, and no other", () => {
    expect(partsOf(1, 10_816)).toBe(64);
    expect(partsOf(1, 127)).toBe(1);
    expect(partsOf(100, 10_816)).toBe(3);
    expect(partsOf(256, 1_000_000)).toBe(1);
  });

  it("lays a workgroup's invocations over all rows where there are few columns", () => {
    expect(tilingOf(100, 1)).toEqual({ across: 1, beside: 1, down: 2 });
    expect(tilingOf(100, 3)).toEqual({ across: 4, beside: 1, down: 7 });
    expect(tilingOf(16, 9)).toEqual({ across: 8, beside: 2, down: 2 });
  });

  it("covers every quarter of rows and columns", () => {
    for (let rows = 1; rows < 70; rows += 3) {
      for (let columns = 1; columns < 20; columns += 1) {
        const { across, beside, down } = tilingOf(rows, columns);
        expect(across * beside).toBeGreaterThanOrEqual(columns);
        expect((64 / across) * down).toBeGreaterThanOrEqual(rows);
      }
    }
  });
});
