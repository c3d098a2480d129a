import { describe, expect, it } from "vitest";
import { tilePath } from "../../../../src-main/adapters/disk/tile-files.ts";

describe("tile-files", () => {
  it("names tiles as C2SP tlog-tiles does", () => {
    expect(tilePath("vector", 0, 5)).toBe("vector/0/005");
    expect(tilePath("vector", 1, 1_234_067)).toBe("vector/1/x001/x234/067");
    expect(tilePath("outcome", 2, 1_000)).toBe("outcome/2/x001/000");
  });
});
