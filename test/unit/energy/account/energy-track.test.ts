import { describe, expect, it } from "vitest";

import { EnergyTrack } from "../../../../src-main/energy/account/index.ts";
import { TRACK_POINTS_MAX } from "../../../../src-main/energy/account/energy-track.ts";

describe("a running sum", () => {
  it("is straight between readings and unknown outside them", () => {
    const track = new EnergyTrack();
    expect(track.at(0)).toBeNull();
    track.add(1_000, 0, 0);
    track.add(2_000, 500, 1_000);
    track.add(4_000, 1_000, 2_000);
    expect(track.at(1_500)).toEqual({ atMs: 1_500, millijoules: 250, measuredMs: 500 });
    expect(track.at(3_000)?.millijoules).toBe(1_000);
    expect(track.at(4_000)?.millijoules).toBe(1_500);
    expect([track.at(999), track.at(4_001)]).toEqual([null, null]);
  });

  it("keeps to its length and knows every moment since its first, however long ago", () => {
    const track = new EnergyTrack();
    const newest = 3 * TRACK_POINTS_MAX + 5;
    for (let at = 0; at <= newest; at += 1) track.add(at, 2, 1);
    for (const at of [0, 1, 777, TRACK_POINTS_MAX, newest - 1, newest]) {
      expect(track.at(at)).toEqual({ atMs: at, millijoules: 2 * at + 2, measuredMs: at + 1 });
    }
    expect(track.at(-1)).toBeNull();
  });

  it("adds to the newest where time does not go on", () => {
    const track = new EnergyTrack();
    track.add(10, 1, 1);
    track.add(5, 1, 1);
    expect(track.newest()).toEqual({ atMs: 10, millijoules: 2, measuredMs: 2 });
  });
});
