import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../../src-main/adapters/machine/index.ts";
import type { Nvml, NvmlDevice, NvmlOpening } from "../../../../src-main/adapters/nvml/index.ts";
import type { Log } from "../../../../src-main/ports/log.ts";
import {
  NvidiaLibrary,
  idsByPlace,
  nvidiaIds,
} from "../../../../src-main/processes/daemon/nvidia-library.ts";
import type { StopStep } from "../../../../src-main/processes/daemon/stopping.ts";

const log = { warn: () => undefined } as unknown as Log;
const absent: NvmlOpening = { state: "absent", reason: "no-driver", why: "none", next: "Load it." };

function fake() {
  const seen = { closed: 0 };
  const listing = { driverVersion: "1.0", cudaVersion: "13.0", devices: [] };
  const close = () => {
    seen.closed += 1;
  };
  const limit = () => Promise.resolve(undefined);
  const nvml: Nvml = { listing, watched: () => [], meters: () => [], limit, close };
  return { seen, nvml, open: { state: "open", nvml } as const };
}

describe("nvidia-library", () => {
  it("opens once for everyone and tells those who wait", async () => {
    const { nvml, open, seen } = fake();
    let opened = 0;
    const stops: StopStep[] = [];
    const library = new NvidiaLibrary(log, stops, () => {
      opened += 1;
      return Promise.resolve(open);
    });
    const told: Nvml[] = [];
    library.whenOpen((one) => told.push(one));
    expect(opened).toBe(0);
    const answers = await Promise.all([library.answer(), library.answer()]);
    expect(answers[0]).toEqual({ state: "listed", driverVersion: "1.0", devices: [] });
    library.whenOpen((one) => told.push(one));
    expect(told).toEqual([nvml, nvml]);
    expect(opened).toBe(1);
    for (const { stop } of stops) await stop();
    expect(seen.closed).toBe(1);
    expect(await library.answer()).toBeNull();
  });

  it("asks again where there was no driver, and closes what opens too late", async () => {
    const { open, seen } = fake();
    const openings: NvmlOpening[] = [absent, open];
    const library = new NvidiaLibrary(log, [], () => Promise.resolve(openings.shift() ?? absent));
    expect(await library.answer()).toMatchObject({ state: "absent", reason: "no-driver" });
    const late = library.answer();
    await library.close();
    await late;
    expect(seen.closed).toBe(1);
  });

  it("names devices as `devices` lists them", () => {
    const gpus = [
      { vendor: "AMD", model: "a", memoryBytes: null, driver: null, pciId: "0000:03:00.0" },
      { vendor: "NVIDIA", model: "b", memoryBytes: null, driver: null, pciId: null, uuid: "GPU-1" },
    ];
    const inventory = { gpus, closed: [], incomplete: [] } as unknown as Inventory;
    const device = (fields: Partial<NvmlDevice>) =>
      ({ index: 0, uuid: null, pciId: null, ...fields }) as NvmlDevice;
    expect(nvidiaIds(inventory)(device({ uuid: "GPU-1" }))).toBe("gpu-1");
    expect(nvidiaIds(inventory)(device({ uuid: "GPU-2" }))).toBe("GPU-2");
    expect(nvidiaIds(inventory)(device({ pciId: "0000:03:00.0" }))).toBe("gpu-0");
    expect(nvidiaIds(inventory)(device({}))).toBe("nvidia-0");
    expect(idsByPlace(inventory)).toEqual([["0000:03:00.0", "gpu-0"]]);
  });
});
