import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { chooseLoad, loadStretch } from "../../../../src-main/energy/account/index.ts";
import { ENERGY_ROW_MS } from "../../../../src-main/ports/energy-store.ts";
import type { EnergyRow } from "../../../../src-main/ports/energy-store.ts";
import type {
  EnergyBoundary,
  EnergyTier,
  MeterIdentity,
} from "../../../../src-main/ports/meter.ts";

function meter(
  id: string,
  tier: EnergyTier,
  boundary: EnergyBoundary,
  device: string | null = null,
): MeterIdentity {
  return {
    id,
    role: "load",
    kind: "smart-plug",
    tier,
    boundary,
    device,
    makeModel: null,
    serial: null,
    calibration: null,
    uncertaintyPercent: 1,
    meterSigned: false,
  };
}

const ids = (meters: readonly MeterIdentity[] | undefined) => meters?.map(({ id }) => id);

const gpu0 = meter("nvml-0", "C", "accelerators", "gpu0");
const gpu1 = meter("nvml-1", "C", "accelerators", "gpu1");
const plug = meter("plug", "B", "wall");

describe("the load", () => {
  it("is one boundary: the best tier, then the widest", () => {
    const chosen = chooseLoad([gpu0, plug, gpu1]);
    expect(ids(chosen?.counted)).toEqual(["plug"]);
    expect(ids(chosen?.beside)).toEqual(["nvml-0", "nvml-1"]);
    const declared = meter("said", "E", "wall");
    expect(ids(chooseLoad([declared, gpu0, gpu1])?.counted)).toEqual(["nvml-0", "nvml-1"]);
    const sensor = meter("psu", "C", "host-dc");
    expect(chooseLoad([gpu0, sensor])).toMatchObject({ boundary: "host-dc", tier: "C" });
  });

  it("counts one reading of each device, and the better of two of the same thing", () => {
    const model = meter("tdp-gpu0", "D", "accelerators", "gpu0");
    expect(ids(chooseLoad([model, gpu0, gpu1])?.counted)).toEqual(["nvml-0", "nvml-1"]);
    const second = meter("a-plug", "B", "wall");
    expect(ids(chooseLoad([plug, second])?.counted)).toEqual(["a-plug"]);
  });

  it("is as good as the weakest source that is counted", () => {
    const model = meter("tdp-tpu", "D", "accelerators", "tpu");
    expect(chooseLoad([gpu0, model])?.tier).toBe("D");
  });

  it("counts a processor's model beside its cards' sensors, and never with what holds both", () => {
    const model = meter("tdp-processor", "D", "accelerators", "cpu");
    const devices = chooseLoad([gpu0, model, gpu1]);
    expect(devices).toMatchObject({ boundary: "accelerators", tier: "D" });
    expect(ids(devices?.counted)).toEqual(["nvml-0", "tdp-processor", "nvml-1"]);
    expect(ids(chooseLoad([gpu0, model, plug])?.counted)).toEqual(["plug"]);
    const supply = meter("psu", "C", "host-dc");
    expect(ids(chooseLoad([gpu0, model, supply])?.counted)).toEqual(["psu"]);
    expect(ids(chooseLoad([gpu0, model, supply])?.beside)).toEqual(["nvml-0", "tdp-processor"]);
  });

  it("is nothing without a source, and generation is no load", () => {
    expect(chooseLoad([])).toBeNull();
    expect(chooseLoad([{ ...plug, role: "generation" }])).toBeNull();
  });

  it("never counts a source twice nor two boundaries, in whatever order they come", () => {
    const any = fc.record({
      tier: fc.constantFrom<EnergyTier>("A", "B", "C", "D", "E"),
      boundary: fc.constantFrom<EnergyBoundary>("accelerators", "host-dc", "wall", "site-meter"),
      device: fc.constantFrom(null, "gpu0", "gpu1", "cpu"),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), fc.nat(), (list, turn) => {
        const meters = list.map(({ tier, boundary, device }, index) =>
          meter(`m${index}`, tier, boundary, device),
        );
        const chosen = chooseLoad(meters);
        expect(chosen).not.toBeNull();
        const counted = chosen?.counted ?? [];
        expect(new Set(counted.map(({ boundary }) => boundary)).size).toBe(1);
        const devices = counted.map(({ device }) => device);
        expect(new Set(devices).size).toBe(devices.length);
        if (devices.includes(null)) expect(devices).toHaveLength(1);
        const at = turn % meters.length;
        const turned = chooseLoad([...meters.slice(at), ...meters.slice(0, at)]);
        expect(ids(turned?.counted)?.sort()).toEqual(ids(counted)?.sort());
      }),
    );
  });
});

function row(source: string, millijoules: number, measuredMs = ENERGY_ROW_MS): EnergyRow {
  return {
    source,
    startMs: 0,
    millijoules,
    wattHours: 0,
    registerEndMillijoules: null,
    measuredMs,
    quality: "measured",
    clock: "synchronised",
    resets: 0,
    wraps: 0,
    clockJumps: 0,
    refused: 0,
  };
}

describe("a stretch of the load", () => {
  const identities = [plug, gpu0, gpu1];
  const chosen = chooseLoad(identities);
  const of = (rows: readonly EnergyRow[]) => {
    if (chosen === null) throw new Error("a load was given");
    const rowsOf = (source: string) => rows.filter((one) => one.source === source);
    return loadStretch(chosen, identities, rowsOf, ENERGY_ROW_MS);
  };

  it("has the devices' own readings as shares and the rest of the machine beside them", () => {
    const load = of([row("plug", 100), row("nvml-0", 30), row("nvml-1", 45)]);
    expect(load).toMatchObject({ millijoules: 100, coverage: 1, restMillijoules: 25 });
    expect(load.devices).toEqual([
      { device: "gpu0", millijoules: 30 },
      { device: "gpu1", millijoules: 45 },
    ]);
  });

  it("has no rest below nothing", () => {
    expect(of([row("plug", 10), row("nvml-0", 30)]).restMillijoules).toBe(0);
  });

  it("is null where nothing was read, whatever a row without time says", () => {
    expect(of([])).toMatchObject({ millijoules: null, coverage: 0, quality: null });
    expect(of([row("plug", 0, 0)])).toMatchObject({ millijoules: null, coverage: 0 });
  });

  it("is covered as far as its least covered source", () => {
    const both = chooseLoad([gpu0, gpu1]);
    if (both === null) throw new Error("a load was given");
    const rows = [row("nvml-0", 10), row("nvml-1", 10, ENERGY_ROW_MS / 4)];
    const rowsOf = (source: string) => rows.filter((one) => one.source === source);
    const load = loadStretch(both, [gpu0, gpu1], rowsOf, ENERGY_ROW_MS);
    expect(load).toMatchObject({ millijoules: 20, coverage: 0.25, restMillijoules: null });
  });
});
