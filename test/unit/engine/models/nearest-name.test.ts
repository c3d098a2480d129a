import { describe, expect, it } from "vitest";
import { nearestName } from "../../../../src-main/engine/models/nearest-name.ts";

describe("nearestName", () => {
  it("finds the name with the fewest edits, the first of equals", () => {
    expect(nearestName("fliters", ["units", "filters", "kernel"])).toBe("filters");
    expect(nearestName("", ["ab", "cd"])).toBe("ab");
    expect(nearestName("x".repeat(100_000), ["ab", "cdefgh"])).toBe("ab");
  });
});
