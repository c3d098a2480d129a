import { describe, expect, it } from "vitest";

import { takeInventory } from "../../../../src-main/adapters/machine/index.ts";
import type { Probes } from "../../../../src-main/adapters/machine/index.ts";

const silent: Probes = {
  cpu: () => new Promise(() => {}),
  graphics: () => Promise.reject(new Error("no driver tool")),
  osInfo: () => new Promise(() => {}),
};

/** A machine without any file. */
const NOWHERE = { root: "/nowhere" };

describe("takeInventory", () => {
  it("lists this machine", async () => {
    const { machine } = await takeInventory();
    expect(machine.cpuName).not.toBe("");
    expect(machine.coresPhysical).toBeGreaterThan(0);
    expect(machine.memoryBytes).toBeGreaterThan(0);
  });

  it("goes on without probes that hang or fail, and names them", async () => {
    const inventory = await takeInventory(silent, 1_000, NOWHERE);
    expect([...inventory.incomplete].sort((a, b) => a.localeCompare(b))).toEqual([
      "cpu",
      "graphics",
      "system",
    ]);
    expect(inventory.gpus).toEqual([]);
    expect(inventory.machine.coresPhysical).toBeGreaterThan(0);
  });

  it("goes on without a probe that fails before it gives a promise", async () => {
    const broken = () => {
      throw new Error("no such tool");
    };
    const { incomplete } = await takeInventory({ ...silent, cpu: broken }, 200, NOWHERE);
    expect(incomplete).toContain("cpu");
  });

  it("takes a GPU's memory from its driver and leaves unknown what is unknown", async () => {
    const controllers = [
      { vendor: "NVIDIA", model: " RTX ", vram: 8, memoryTotal: 16, vramDynamic: false, bus: "" },
      { vendor: "Intel", model: "", vram: null, vramDynamic: true, bus: "" },
    ];
    const probes = { ...silent, graphics: () => Promise.resolve({ controllers }) };
    const { gpus } = await takeInventory(probes, 1_000, NOWHERE);
    expect(gpus).toEqual([
      { vendor: "NVIDIA", model: "RTX", memoryBytes: 16 * 1_048_576, driver: null },
      { vendor: "Intel", model: "unnamed GPU", memoryBytes: null, driver: null },
    ]);
  });
});
