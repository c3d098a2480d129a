import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openNvml } from "../../../../src-main/adapters/nvml/index.ts";
import type { Nvml, NvmlOptions } from "../../../../src-main/adapters/nvml/index.ts";
import type { DeviceSample } from "../../../../src-main/ports/device-telemetry.ts";
import { buildFake } from "./fake-library.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-nvml-"));
const open: Nvml[] = [];

afterEach(() => {
  for (const nvml of open.splice(0)) nvml.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function openFake(defines: readonly string[], options: NvmlOptions = {}): Promise<Nvml> {
  const opening = await openNvml({ libraries: [buildFake(folder, defines)], ...options });
  if (opening.state === "absent") throw new Error(`${opening.reason}: ${opening.why}`);
  open.push(opening.nvml);
  return opening.nvml;
}

async function absence(defines: readonly string[], options: NvmlOptions = {}) {
  const opening = await openNvml({ libraries: [buildFake(folder, defines)], ...options });
  if (opening.state === "open") opening.nvml.close();
  return opening.state === "open" ? undefined : opening.reason;
}

/** Waits until a sample is as it should be; the runner's time limit is the bound. */
async function until(
  read: () => DeviceSample,
  holds: (sample: DeviceSample) => boolean,
): Promise<DeviceSample> {
  for (;;) {
    const sample = read();
    if (holds(sample)) return sample;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("open-nvml", () => {
  it("lists what the driver and its devices are", async () => {
    const { listing } = await openFake([]);
    expect(listing.driverVersion).toBe("580.159.04");
    expect(listing.cudaVersion).toBe("12.8");
    expect(listing.devices[0]).toEqual({
      index: 0,
      name: "NVIDIA H100 80GB HBM3",
      uuid: "GPU-00000000-0000-0000-0000-000000000000",
      pciId: "0000:1a:00.0",
      pciDeviceId: 0x233010de,
      memoryBytes: 85_520_809_984,
      computeCapability: { major: 9, minor: 0 },
      mig: { isOn: true, instances: 3 },
      powerLimit: { current: 650, factory: 700, least: 200, greatest: 700 },
      countsEnergy: true,
      givesWatts: true,
      slowdownCelsius: 87,
      fault: null,
    });
    const [, old] = listing.devices;
    expect(old).toMatchObject({ mig: null, countsEnergy: false, givesWatts: true });
    expect(old.powerLimit).toEqual({ current: null, factory: null, least: null, greatest: null });
  });

  it("samples each device; what it does not give is null", async () => {
    const nvml = await openFake([], { watchEveryMs: 50 });
    const [first, second] = nvml.watched((device) => `gpu-${device.index}`);
    const sample = await until(
      () => first.sample(),
      ({ watts }) => watts !== null,
    );
    expect(first).toMatchObject({ id: "gpu-0", source: "nvml", name: "NVIDIA H100 80GB HBM3" });
    expect(sample).toMatchObject({
      utilisation: 0.87,
      memoryUsedBytes: 1_048_576,
      memoryTotalBytes: 85_520_809_984,
      celsius: 61,
      fan: null,
      clockMhz: 1980,
      memoryClockMhz: 2619,
      watts: 123.456,
      limitWatts: 650,
    });
    expect([...sample.throttle]).toEqual(["power-limit", "heat"]);
    expect(sample.energyMillijoules).toBeGreaterThan(9_007_199_000_000);
    expect(second.sample()).toMatchObject({
      utilisation: null,
      fan: 0.4,
      watts: 19,
      limitWatts: null,
      energyMillijoules: null,
    });
  });

  it("meters by the register, and by power where a device has none", async () => {
    const nvml = await openFake([]);
    const [counted, sampled] = nvml.meters();
    expect(counted.identity).toMatchObject({ kind: "nvml-energy", tier: "C", role: "load" });
    expect(sampled.identity).toMatchObject({ kind: "power-sampled", tier: "C" });
    const [before, after] = [await counted.read(), await counted.read()];
    const millijoules = (reading: typeof before) => reading.register?.millijoules ?? 0;
    expect(millijoules(after) - millijoules(before)).toBe(1_000);
    expect(after.register?.epoch).toMatch(/^[0-9a-f-]{36}\/580\.159\.04$/u);
    expect(await sampled.read()).toMatchObject({ register: null, watts: 19 });
  });

  it("goes without a function that an older library does not have", async () => {
    const nvml = await openFake(["WITHOUT_ENERGY"]);
    expect(nvml.listing.devices[0]).toMatchObject({ countsEnergy: false, givesWatts: true });
    expect((await nvml.meters()[0].read()).watts).toBe(123.456);
  });

  it("says why there is no driver to ask, and what mends it", async () => {
    const nowhere = await openNvml({ libraries: [join(folder, "libnone.so.1")] });
    expect(nowhere).toMatchObject({ state: "absent", reason: "no-library" });
    expect(await absence(["INIT_CODE=9"])).toBe("no-driver");
    expect(await absence(["INIT_CODE=18"])).toBe("mismatch");
    expect(await absence(["INIT_CODE=4"])).toBe("no-permission");
    expect(await absence(["INIT_CODE=999"])).toBe("failed");
  });

  it("does not wait for a driver that hangs while it starts", async () => {
    expect(await absence(["HANG_AT_INIT"], { openWithinMs: 300 })).toBe("too-slow");
  });
});

describe("open-nvml with a driver in trouble", () => {
  it("gives nothing of a device that fell off the bus, and all of its neighbour", async () => {
    const nvml = await openFake(["LOST"], { watchEveryMs: 50 });
    expect(nvml.listing.devices[0].fault).toMatch(/fallen off the bus/u);
    const [lost, well] = nvml.watched();
    await until(
      () => well.sample(),
      ({ watts }) => watts === 19,
    );
    expect(lost.sample()).toMatchObject({ watts: null, celsius: null, utilisation: null });
    expect(nvml.meters()).toHaveLength(1);
  });

  it("looks for a lost device again, ever more seldom, without a pause for others", async () => {
    const lost: number[] = [];
    const onLost = () => void lost.push(performance.now());
    const times = { watchEveryMs: 50, lostAgainMs: 100, pauseMs: 600_000 };
    const nvml = await openFake(["LOST"], { ...times, onLost });
    const [, well] = nvml.watched();
    for (const looks of [0, 1, 2]) {
      await until(
        () => well.sample(),
        ({ watts }) => watts === 19 && lost.length >= looks,
      );
    }
    await until(
      () => well.sample(),
      () => lost.length > 2,
    );
    expect(lost[2] - lost[1]).toBeGreaterThan(200);
  });

  it("drops a driver that hangs, gives nulls meanwhile and begins again", async () => {
    const lost: string[] = [];
    const onLost = (why: string) => void lost.push(why);
    const times = { watchEveryMs: 50, silenceMaxMs: 400, pauseMs: 50 };
    const nvml = await openFake(["HANG_AFTER_CALLS=20"], { ...times, onLost });
    const [device] = nvml.watched();
    const has = ({ watts }: DeviceSample) => watts !== null;
    await until(() => device.sample(), has);
    await until(
      () => device.sample(),
      (sample) => !has(sample),
    );
    await until(() => device.sample(), has);
    expect(lost[0]).toBe("the driver hangs");
  });

  it("leaves out the device that hangs, and asks it again after a time", async () => {
    const lost: string[] = [];
    const onLost = (why: string) => void lost.push(why);
    const times = { watchEveryMs: 50, silenceMaxMs: 1_000, pauseMs: 50, leftOutMs: 2_000 };
    // The first device answers its listing and hangs with its second sample, in each life.
    const nvml = await openFake(["HANG_AFTER_CALLS=8"], { ...times, onLost });
    const [hung, well] = nvml.watched();
    const blamed = () => lost.filter((why) => why.includes("at device"));
    await until(
      () => well.sample(),
      ({ watts }) => watts === 19 && blamed().length > 0 && hung.sample().watts === null,
    );
    expect(blamed()[0]).toContain("at device 0");
    expect(lost[0]).toBe("the driver hangs");
    await until(
      () => hung.sample(),
      ({ watts }) => watts !== null,
    );
    expect(lost).toContain("a device that hung is asked again");
  });

  it("fails a reading that hangs, with a code, in its time", async () => {
    const nvml = await openFake(["HANG_AFTER_CALLS=3"], { answerMaxMs: 200 });
    await expect(nvml.meters()[0].read()).rejects.toMatchObject({ code: "METERS_COUNTER" });
  });

  it("outlives a driver that crashes its process", async () => {
    const lost: string[] = [];
    const onLost = (why: string) => void lost.push(why);
    const nvml = await openFake(["CRASH_AFTER_CALLS=8"], { watchEveryMs: 50, pauseMs: 50, onLost });
    const [device] = nvml.watched();
    await until(
      () => device.sample(),
      () => lost.length > 0,
    );
    expect(lost[0]).toMatch(/ended/u);
  });

  it("gives nothing once it is closed", async () => {
    const nvml = await openFake([], { watchEveryMs: 50 });
    const [device] = nvml.watched();
    await until(
      () => device.sample(),
      ({ watts }) => watts !== null,
    );
    nvml.close();
    expect(device.sample().watts).toBeNull();
    await expect(nvml.meters()[0].read()).rejects.toMatchObject({ code: "METERS_COUNTER" });
  });
});
