import { describe, expect, it } from "vitest";
import { bitsOfFloat, firstNonCanonical } from "../../../../src-main/engine/canon.ts";
import { initialState } from "../../../../src-main/engine/random/initialise.ts";

const seed = new Uint8Array(32).fill(3);
const uniform = { kind: "uniform", boundBits: bitsOfFloat(0.25) } as const;

describe("initialState", () => {
  it("fills the range evenly and stays inside it", () => {
    const values = initialState(seed, { name: "w", shape: [64, 64], initialiser: uniform });
    expect(firstNonCanonical(values)).toBe(-1);
    expect(Math.max(...values)).toBeLessThan(0.25);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.25);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(new Set(values).size).toBeGreaterThan(4_000);
  });

  it("depends on seed and name, never on the shape's other elements", () => {
    const short = initialState(seed, { name: "w", shape: [3], initialiser: uniform });
    const long = initialState(seed, { name: "w", shape: [9], initialiser: uniform });
    const other = initialState(seed, { name: "v", shape: [3], initialiser: uniform });
    expect(long.slice(0, 3)).toEqual(short);
    expect(other).not.toEqual(short);
  });

  it("makes zeros and constants", () => {
    const constant = { kind: "constant", bits: bitsOfFloat(1.5) } as const;
    expect(initialState(seed, { name: "a", shape: [2], initialiser: { kind: "zeros" } })).toEqual(
      Float32Array.of(0, 0),
    );
    expect(initialState(seed, { name: "b", shape: [2], initialiser: constant })).toEqual(
      Float32Array.of(1.5, 1.5),
    );
  });
});
