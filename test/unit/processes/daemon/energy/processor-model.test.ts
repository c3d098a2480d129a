import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";

import type { EnergyBoundary } from "../../../../../src-main/ports/meter.ts";
import {
  holdsProcessor,
  processorModel,
} from "../../../../../src-main/processes/daemon/energy/processor-model.ts";

const load = (boundary: EnergyBoundary, device: string | null = null) =>
  ({ role: "load", boundary, device }) as const;

describe("processes/daemon/energy/processor-model", () => {
  it("is held by its own meter, and by all that is wider than a device", () => {
    expect(holdsProcessor(load("accelerators", "cpu"))).toBe(true);
    expect(holdsProcessor(load("accelerators", "cpu-1"))).toBe(true);
    for (const wider of ["host-dc", "wall", "site-meter"] as const) {
      expect(holdsProcessor(load(wider))).toBe(true);
    }
  });

  it("is held neither by a card's meter nor by what is no load", () => {
    expect(holdsProcessor(load("accelerators", "gpu-0"))).toBe(false);
    expect(holdsProcessor(load("accelerators"))).toBe(false);
    const roof = { role: "generation", boundary: "site-meter", device: null } as const;
    expect(holdsProcessor(roof)).toBe(false);
  });

  it("draws what its owner says, else 8 W a thread within bounds", () => {
    expect(processorModel(65)).toMatchObject({ device: "cpu", nameplateWatts: 65, idleWatts: 6.5 });
    const watts = Math.min(400, Math.max(15, 8 * availableParallelism()));
    expect(processorModel(0).nameplateWatts).toBe(watts);
  });
});
