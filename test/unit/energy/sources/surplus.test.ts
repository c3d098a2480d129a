import { describe, expect, it } from "vitest";

import { surplusNow } from "../../../../src-main/energy/sources/surplus.ts";
import type { FlowsNow } from "../../../../src-main/energy/sources/surplus.ts";

const none = { charging: undefined, discharging: undefined, sold: undefined, bought: undefined };
const of = (change: Partial<FlowsNow>) =>
  surplusNow({ generation: 900, load: 250, ...none, ...change });

describe("energy/sources/surplus", () => {
  it("is what the own plant makes beyond load and storage", () => {
    expect(of({})).toBe(650);
    expect(of({ charging: 500, discharging: 0 })).toBe(150);
    expect(of({ charging: 800 })).toBe(-150);
    // What the store takes beyond the own plant's came from the grid.
    expect(of({ charging: 2_000 })).toBe(-250);
    expect(of({ generation: 0, discharging: 700 })).toBe(-250);
  });

  it("is what is sold, less what storage gives to it", () => {
    expect(of({ sold: 100, load: null })).toBe(100);
    expect(of({ sold: 400, discharging: 300, charging: 0 })).toBe(100);
    expect(of({ sold: 400, discharging: 500 })).toBe(0);
    expect(of({ sold: 0, bought: 320 })).toBe(-320);
    expect(of({ sold: 0 })).toBe(0);
  });

  it("is not known where a meter does not tell its part", () => {
    expect(of({ charging: null })).toBeNull();
    expect(of({ load: null })).toBeNull();
    expect(of({ generation: null })).toBeNull();
    expect(of({ generation: undefined })).toBeNull();
    expect(of({ sold: null })).toBeNull();
    expect(of({ sold: 50, discharging: null })).toBeNull();
    expect(of({ sold: 0, bought: null })).toBeNull();
  });
});
