import { describe, expect, it } from "vitest";
import { fastestEngine } from "../../../../src-main/processes/daemon/rank-engines.ts";
import type { Contender } from "../../../../src-main/processes/daemon/rank-engines.ts";

const device = (
  engine: Contender["engine"],
  speedup: number | null,
  more: Partial<Contender["graphics"]> = {},
): Contender => {
  const name = `${engine} device`;
  const about = { name, vendor: "v", isSoftware: false, variant: "x", exact: true, reason: null };
  return { engine, graphics: { ...about, ...more }, speedup };
};

describe("rank-engines", () => {
  it("takes the fastest of those that are exact and beat the processor", () => {
    const [slow, fast] = [device("webgpu", 1.4), device("cuda", 20)];
    expect(fastestEngine([slow, fast])).toBe(fast);
    expect(fastestEngine([fast, slow])).toBe(fast);
    expect(fastestEngine([slow, device("cuda", 20, { exact: false })])).toBe(slow);
  });

  it("leaves the work to the processor where no device takes every step faster", () => {
    expect(fastestEngine([])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 1)])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 0.7), device("cuda", null)])).toBeUndefined();
    expect(fastestEngine([device("webgpu", 9, { isSoftware: true })])).toBeUndefined();
  });
});
