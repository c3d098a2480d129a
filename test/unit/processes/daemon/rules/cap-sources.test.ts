import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import type { MeterIdentity } from "../../../../../src-main/ports/meter.ts";
import { CapSources } from "../../../../../src-main/processes/daemon/rules/cap-sources.ts";
import type { CountedLoad } from "../../../../../src-main/processes/daemon/rules/cap-sources.ts";

const PLUG: MeterIdentity = {
  id: "plug",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: null,
  serial: null,
  calibration: null,
  uncertaintyPercent: 1,
  meterSigned: false,
};

const load = (identity: Partial<MeterIdentity>, more: Partial<CountedLoad> = {}): CountedLoad => ({
  identity: { ...PLUG, ...identity },
  readEveryMs: 5_000,
  counted: { atMs: 10_000, millijoules: 7 },
  watts: null,
  ...more,
});

/** A card that tells watts or not, beside meters. */
function open(loads: readonly CountedLoad[], limitWatts: number | null = null) {
  const world = { atMs: 0, watts: null as number | null };
  const sources = new CapSources({
    latestSamples: () => [
      {
        id: "gpu-0",
        name: "card",
        source: "nvml",
        sample: { ...NOTHING_TOLD, atMs: world.atMs, watts: world.watts, limitWatts },
      },
    ],
    loads: () => loads,
  });
  const tell = (atMs: number, watts: number | null) => {
    Object.assign(world, { atMs, watts });
    sources.tick();
    return sources.of("gpu-0");
  };
  return { sources, tell };
}

describe("what measures a device", () => {
  it("is its own sensor first, whose watts are added up second by second", () => {
    const { tell } = open([load({})], 250);
    expect(tell(1_000, 100)).toMatchObject({
      source: "device",
      counted: { atMs: 1_000, millijoules: 0 },
      nameplateWatts: 250,
      isWhole: false,
    });
    expect(tell(2_000, 200).counted?.millijoules).toBe(150_000);
    // The same second again adds nothing; a silence is no second with watts.
    expect(tell(2_000, 200).counted?.millijoules).toBe(150_000);
    expect(tell(60_000, 200).counted).toEqual({ atMs: 60_000, millijoules: 0 });
    expect(tell(61_000, null).source).toBe("plug");
  });

  it("is a meter of the device before one of the whole machine, and the best of its kind", () => {
    const own = load({ id: "rapl", device: "gpu-0", boundary: "accelerators", tier: "C" });
    expect(open([load({}), own]).tell(0, null)).toMatchObject({ source: "rapl", isWhole: false });
    const better = load({ id: "meter", tier: "A" });
    expect(open([load({}), better]).tell(0, null)).toMatchObject({
      source: "meter",
      isWhole: true,
      readEveryMs: 5_000,
    });
  });

  it("is never a model, a site, another role, or a meter that was not read yet", () => {
    const none = [
      load({ tier: "D" }),
      load({ tier: "E" }),
      load({ boundary: "site-meter" }),
      load({ role: "generation" }),
      load({}, { counted: null }),
      load({ device: "cpu", boundary: "accelerators" }),
    ];
    for (const one of none) expect(open([one]).tell(0, null).source).toBeNull();
  });

  it("takes a model's nameplate, and what its owner declared", () => {
    const model = { id: "tdp", device: "gpu-0", tier: "D", boundary: "accelerators" } as const;
    expect(open([load({ ...model, nameplateWatts: 65 })]).tell(0, null)).toMatchObject({
      source: null,
      nameplateWatts: 65,
    });
    const declared = load({ ...model, tier: "E", kind: "declared" }, { watts: 80 });
    expect(open([declared]).tell(0, null).nameplateWatts).toBe(80);
    // Behind a plug there is more than the device.
    expect(open([load({}), declared]).tell(0, null)).toMatchObject({
      source: "plug",
      nameplateWatts: null,
    });
  });
});
