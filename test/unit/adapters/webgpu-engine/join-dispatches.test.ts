import { describe, expect, it } from "vitest";
import {
  besideEachOther,
  joined,
} from "../../../../src-main/adapters/webgpu-engine/join-dispatches.ts";
import { elementKernel, overElements } from "../../../../src-main/adapters/webgpu-engine/kernel.ts";
import { gatheringKernel } from "../../../../src-main/adapters/webgpu-engine/ops/gathered.ts";

const kernelOf = (name: string, body: string, parts: readonly string[] = []) =>
  elementKernel(name, ["X", "Y"], "rw", parts, body);

const use = (name: string, body: string, parts?: readonly string[]) =>
  overElements(kernelOf(name, body, parts), 130, [7], [{ words: 130 }, { words: 130 }]);

describe("join-dispatches", () => {
  it("moves the numbers of either kernel and tells its names apart", () => {
    const own = "fn scaled(x: u32) -> u32 { return x * P[1]; }";
    const shared = "const ONE = 1u;";
    const one = use("one", "  Y[at] = scaled(X[at]);", [shared, own]);
    const other = use("other", "  Y[at] = scaled(X[at]) + ONE;", [shared, own]);
    const both = joined(one, other, 8);
    expect(both?.numbers).toEqual([3, 130, 7, 130, 7]);
    expect(both?.groups).toBe(6);
    expect(both?.slots).toEqual([...one.slots, ...other.slots]);
    const { code, access } = both?.kernel ?? { code: "", access: "" };
    expect(access).toBe("rwrw");
    expect(code.match(/const ONE/gu)).toHaveLength(1);
    expect(code).toContain("fn scaled_l(x: u32) -> u32 { return x * P[2]; }");
    expect(code).toContain("fn scaled_r(x: u32) -> u32 { return x * P[4]; }");
    expect(code).toContain("Y_r[at] = scaled_r(X_r[at]) + ONE;");
    expect(code).toContain("if (at >= P[3]) { return; }");
  });

  it("leaves alone what it cannot move, what does not fit, and other workgroups", () => {
    const plain = use("plain", "  Y[at] = X[at];");
    const computed = use("computed", "  Y[at] = X[P[at]];");
    expect(joined(plain, computed, 8)).toBeUndefined();
    expect(joined(plain, plain, 4)).toBeUndefined();
    const lines = { ...plain, kernel: gatheringKernel("lines", ["X", "Y"], "rw", "") };
    expect(joined(plain, lines, 8)).toBeUndefined();
    expect(joined({ ...plain, groups: 70_000 }, plain, 8)).toBeUndefined();
    expect(besideEachOther([plain, plain], [computed], 8)).toEqual([plain, computed, plain]);
  });
});
