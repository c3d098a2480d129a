import { describe, expect, it } from "vitest";
import { purposeKey } from "../../../../src-main/engine/random/purpose-key.ts";

describe("purposeKey", () => {
  it("keeps purposes and seeds apart", () => {
    const seeds = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const keys = seeds.flatMap((seed) => ["a", "b"].map((purpose) => purposeKey(seed, purpose)));
    expect(new Set(keys.map(String)).size).toBe(4);
  });

  it("stops at a seed of another size", () => {
    expect(() => purposeKey(new Uint8Array(31), "a")).toThrow();
  });
});
