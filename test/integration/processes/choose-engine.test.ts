/** The daemon's choice with a device and meters that are played: what each draws is known here. */
import { describe, expect, it } from "vitest";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { describeDevices, takeInventory } from "../../../src-main/adapters/machine/index.ts";
import { chooseEngine } from "../../../src-main/processes/daemon/choose-engine.ts";
import type { DeviceProbes } from "../../../src-main/processes/daemon/choose-engine.ts";
import { readCuda } from "../../../src-main/processes/daemon/probe-cuda.ts";
import { measureBeside } from "../../../src-main/processes/measure-beside.ts";
import type { SideCounter } from "../../../src-main/processes/measure-beside.ts";
import { parseConfig } from "../../../src-main/processes/config/parse-config.ts";

/** A counter that draws these watts all the time. */
const drawing = (watts: number): SideCounter => ({
  tier: "B",
  joules: () => (watts * performance.now()) / 1_000,
});

/** A CUDA device that is this machine's own engine, with these counters. */
function played(device: SideCounter, processor: SideCounter) {
  const wishes: unknown[] = [];
  let closed = 0;
  const ended = { close: () => Promise.resolve(void (closed += 1)) };
  const opened = "why" in device ? device : { ...device, ...ended };
  const probes: DeviceProbes = {
    cuda: async (_name, wish) => {
      wishes.push(wish);
      const counters = {
        device: () => Promise.resolve(opened),
        processor: () => processor,
        eachMs: 1,
      };
      const asked = wish?.metered === true ? counters : null;
      const measured = await measureBeside(createNativeBackend({ threads: 1 }), 1, asked);
      const own = { name: "H100", uuid: "GPU-2", bus: "0000:0b:00.0" };
      const about = { kind: "checked", ...own, variant: "H100, played", wrong: [] };
      return readCuda("", JSON.parse(JSON.stringify({ ...about, measured })));
    },
    graphics: () => Promise.resolve(undefined),
  };
  return { probes, wishes, closed: () => closed };
}

async function chosenWith(prefer: "speed" | "joules", world: ReturnType<typeof played>) {
  const parsed = parseConfig(`[mining]\nprefer = "${prefer}"\nthreads = 1\n`);
  if (!parsed.ok) throw new Error(parsed.rejection.code);
  const real = await takeInventory();
  const gpus = [{ vendor: "NVIDIA", model: "H100", memoryBytes: null, driver: "570" }];
  const inventory = { ...real, gpus, others: [], closed: [] };
  const chosen = await chooseEngine(parsed.value.mining, inventory, undefined, world.probes);
  if (!chosen.ok) throw new Error(chosen.rejection.code);
  const { graphics, choice = null, cpu } = chosen.value;
  const inUse = graphics?.name ?? null;
  const engines = graphics === undefined ? [] : [graphics];
  const listed = describeDevices(inventory, cpu, { engines, inUse, choice });
  const why = listed.filter(({ use }) => use === "in-use").map((one) => `${one.id}: ${one.why}`);
  const { engine: trains, isa } = chosen.value.device;
  return { trains, isa, choice, why: why.join("; ") };
}

describe.skipIf(!nativeBackends().available)("chooseEngine by joules", () => {
  it("takes the device that draws a thousandth, and `devices` says so", async () => {
    const world = played(drawing(0.1), drawing(100));
    const { trains, isa, choice, why } = await chosenWith("joules", world);
    // The worker opens the very device that was checked, whatever others have its name.
    expect([trains, isa]).toEqual(["cuda", "GPU-2"]);
    expect(choice).toMatch(/^[\d.]+ steps\/J against [\d.]+ of the processor$/u);
    expect(why).toContain(`gpu-0: Trains; every op gives`);
    expect(why).toContain(`Chosen: ${choice}.`);
    expect(world.wishes).toEqual([{ threads: 1, metered: true }]);
    expect(world.closed()).toBe(1);
  });

  it("leaves the work to the processor where the device draws a thousandfold", async () => {
    const { trains, choice, why } = await chosenWith("joules", played(drawing(100), drawing(0.1)));
    expect(trains).toBe("native-cpu");
    expect(choice).toMatch(/^[\d.]+ steps\/J against [\d.]+ of H100$/u);
    expect(why).toMatch(/^cpu: Trains with .* Chosen: [\d.]+ steps\/J against [\d.]+ of H100\.$/u);
  });

  it("goes by speed where one has no meter or its meter stands still", async () => {
    const none = { why: "nothing here counts the energy of H100" };
    const absent = await chosenWith("joules", played(none, drawing(100)));
    expect(absent.choice).toContain(`by speed, not by joules (H100: ${none.why}): `);
    const still = await chosenWith("joules", played(drawing(0.1), drawing(0)));
    const what = "processor: its energy counter did not move";
    expect(still.choice).toContain(`by speed, not by joules (${what}): `);
  });

  it("meters nothing where speed is asked for", async () => {
    const world = played(drawing(0.1), drawing(100));
    const { choice } = await chosenWith("speed", world);
    expect(choice).toMatch(/times as fast/u);
    expect(world.wishes).toEqual([{ threads: 1, metered: false }]);
    expect(world.closed()).toBe(0);
  });
});
