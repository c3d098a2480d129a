import { describe, expect, it } from "vitest";
import { throttleReasons, wattsOf } from "../../../../src-main/adapters/nvml/read-sample.ts";

describe("read-sample", () => {
  it("names each reason once, in a fixed order, and passes over bits it does not know", () => {
    expect(throttleReasons(0)).toEqual([]);
    expect(throttleReasons(0x1)).toEqual(["idle"]);
    expect(throttleReasons(0x20 | 0x40)).toEqual(["heat"]);
    expect(throttleReasons(0x1ff)).toEqual([
      "idle",
      "setting",
      "power-limit",
      "hardware-slowdown",
      "sync-boost",
      "heat",
    ]);
    expect(throttleReasons(0x8000)).toEqual([]);
  });

  it("makes no watts of nothing", () => {
    expect(wattsOf(123_456)).toBe(123.456);
    expect(wattsOf(0)).toBe(0);
    expect(wattsOf(null)).toBeNull();
  });
});
