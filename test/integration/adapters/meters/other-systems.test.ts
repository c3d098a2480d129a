/**
 * Meters of Windows and macOS against stand-ins of their calls; the calls themselves need those
 * systems and are not run here.
 */

import { describe, expect, it } from "vitest";

import type { AppleChannel } from "../../../../src-main/adapters/meters/apple-energy.ts";
import { discoverMeters } from "../../../../src-main/adapters/meters/index.ts";
import type { MeterNeeds } from "../../../../src-main/adapters/meters/index.ts";
import { emiDevice } from "../../../worlds/meters/emi-bytes.ts";
import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";

/** A world whose meter reads through calls that the test can break. */
async function callsWorld(
  table: object,
  calls: (millijoules: () => number) => Partial<MeterNeeds>,
  hasRegister = true,
) {
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs - 10_000, watts: 30 }], time.nowMs);
  let broken = false;
  const millijoules = (): number => {
    if (broken) throw new Error("the call failed");
    return profile.millijoules();
  };
  const meter = await openDescribed(table, { ...time.needs, ...calls(millijoules) });
  return {
    ...time,
    meter,
    trueMillijoules: () => (hasRegister ? profile.millijoules() : null),
    stepMillijoules: 1,
    breakIt: () => {
      broken = true;
    },
    mend: () => {
      broken = false;
    },
    secrets: [],
    close: () => meter.close(),
  };
}

/** Picowatt hours of millijoules. */
const picowattHours = (millijoules: number): bigint => (BigInt(millijoules) * 10_000_000n) / 36n;

const CHANNELS = ["RAPL_Package0_PKG", "RAPL_Package0_PP0", "RAPL_Package0_DRAM"];

describe("Windows' energy meter", () => {
  meterContract(() =>
    callsWorld({ kind: "windows-emi", id: "windows-emi" }, (millijoules) => ({
      emiDevices: () => [
        emiDevice(CHANNELS, () => [picowattHours(millijoules()), 10n ** 15n, 10n ** 16n]),
      ],
    })),
  );

  it("is absent where no device has a package, and lets go of those it does not use", async () => {
    const { needs } = movedClock();
    const other = emiDevice(["BatteryRail"], () => [1n]);
    const opening = openDescribed(
      { kind: "windows-emi", id: "emi" },
      { ...needs, emiDevices: () => [other] },
    );
    await expect(opening).rejects.toMatchObject({ code: "METERS_ABSENT" });
    expect(other.closed).toBe(true);
  });

  it("is absent on another system", async () => {
    const opening = openDescribed({ kind: "windows-emi", id: "emi" }, movedClock().needs);
    await expect(opening).rejects.toMatchObject({ code: "METERS_ABSENT" });
  });
});

const channelsOf = (millijoules: number): readonly AppleChannel[] => [
  { name: "ECPU0", unit: "mJ", value: 99n },
  { name: "CPU Energy", unit: "mJ", value: BigInt(Math.floor(millijoules / 2)) },
  { name: "GPU Energy", unit: "nJ", value: BigInt(Math.ceil(millijoules / 2)) * 1_000_000n },
  { name: "ANE", unit: "mJ", value: 0n },
  { name: "DRAM", unit: "mJ", value: 1_234n },
];

const POWER_TEXT = `*** Sampled system activity (Mon Jun  1 06:00:00 2026) (1003.71ms elapsed) ***
CPU Power: 25000 mW
GPU Power: 5000 mW
ANE Power: 0 mW
Combined Power (CPU + GPU + ANE): 30000 mW
`;

describe("Apple's figures", () => {
  meterContract(() =>
    callsWorld({ kind: "ioreport", id: "apple" }, (millijoules) => ({
      appleSampler: () => ({
        sample: () => channelsOf(millijoules()),
        close: () => undefined,
      }),
    })),
  );
  meterContract(async () => {
    const world = await callsWorld(
      { kind: "powermetrics", id: "apple" },
      (millijoules) => ({
        platform: "darwin",
        powermetrics: () => Promise.resolve(millijoules() >= 0 ? POWER_TEXT : ""),
      }),
      false,
    );
    // A run that fails is a fault of the meter's own making; a stand-in's failure is not.
    return { ...world, breakIt: null };
  });

  it("are absent where the library is not there", async () => {
    const { needs } = movedClock();
    for (const kind of ["ioreport", "powermetrics"]) {
      const opening = openDescribed({ kind, id: "apple" }, { ...needs, platform: "linux" });
      await expect(opening).rejects.toMatchObject({ code: "METERS_ABSENT" });
    }
  });

  it("are found part by part", async () => {
    const { needs } = movedClock();
    const sampler = { sample: () => channelsOf(1_000), close: () => undefined };
    const found = await discoverMeters({
      ...needs,
      platform: "darwin",
      appleSampler: () => sampler,
    });
    const told = found.map(({ description, reading }) => {
      return [description.id, description.device, reading?.register?.millijoules];
    });
    expect(told).toEqual([
      ["apple-cpu", "cpu", 500],
      ["apple-gpu", null, 500],
      ["apple-ane", null, 0],
    ]);
  });
});
