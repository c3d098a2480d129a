import { describe, expect, it } from "vitest";
import { inGraphicsChild, testAdapters } from "./graphics.ts";

const adapters = await testAdapters();

describe.skipIf(adapters.length === 0)(`the race on webgpu (${adapters[0] ?? "none"})`, () => {
  it("finds a fault of one rule, planted into the kernel that multiplies", async () => {
    expect(await inGraphicsChild("planted")).toEqual({
      none: false,
      "ties away from zero": true,
      "a carry between words lost": true,
      "the highest bit of a product cut off": true,
      "signs of sums dropped": true,
    });
  });
});
