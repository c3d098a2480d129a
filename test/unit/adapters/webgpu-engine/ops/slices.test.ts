import { describe, expect, it } from "vitest";
import { slicesOf } from "../../../../../src-main/adapters/webgpu-engine/ops/slices.ts";

describe("slices", () => {
  it("leaves short lines whole", () => {
    expect([slicesOf(1, 1), slicesOf(1, 63), slicesOf(1, 64)]).toEqual([1, 1, 2]);
  });

  it("leaves lines whole where there are enough to keep a device busy", () => {
    expect(slicesOf(1_000_000, 4_096)).toBe(1);
  });

  it("never has more slices than a gathering kernel should read", () => {
    expect(slicesOf(1, 8_388_608)).toBe(64);
  });
});
