import { describe, expect, it } from "vitest";
import { numbersLayout } from "../../../../src-main/adapters/webgpu-engine/gpu-device.ts";

describe("gpu-device", () => {
  it("begins the numbers of each dispatch where any device can bind them", () => {
    expect(numbersLayout([3, 65, 1])).toEqual({ offsets: [0, 256, 768], bytes: 1_024 });
    expect(numbersLayout([])).toEqual({ offsets: [], bytes: 256 });
  });
});
