import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import type { UnitStatus } from "../../../src-main/miner/index.ts";
import type { Meter } from "../../../src-main/ports/meter.ts";
import { parseConfig } from "../../../src-main/processes/config/parse-config.ts";
import { openEnergy } from "../../../src-main/processes/daemon/energy/open-energy.ts";
import type { Energy } from "../../../src-main/processes/daemon/energy/open-energy.ts";
import { holdsProcessor } from "../../../src-main/processes/daemon/energy/processor-model.ts";
import type { StopStep } from "../../../src-main/processes/daemon/stopping.ts";
import { powerProfile } from "../../worlds/meters/power-profile.ts";
import { startShellyDevice } from "../../worlds/meters/shelly-device.ts";
import { startSunspecDevice } from "../../worlds/meters/sunspec-device.ts";
import { commonModel, inverterModel } from "../../worlds/meters/sunspec-models.ts";
import { STATUS, batteryModel } from "../../worlds/meters/sunspec-stores.ts";

const folders: string[] = [];
const log = { info: () => {}, warn: () => {}, error: () => {} };

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A roof of 900 W and a plug of 250 W, on servers of their own. */
async function home() {
  const nowMs = () => Date.now();
  const steady = (watts: number) => powerProfile([{ fromMs: nowMs() - 3_600_000, watts }], nowMs);
  const plug = await startShellyDevice({ profile: steady(250) });
  const models = [commonModel(), inverterModel({ profile: steady(900), startWattHours: 5_000 })];
  const roof = await startSunspecDevice({ models });
  const text = `
[energy]
zone = "DE"
attributes = "retained"
currency = "EUR"
price = "0.3"
[[meters]]
id = "plug"
kind = "shelly"
url = "${plug.url}"
[[meters]]
id = "roof"
kind = "sunspec"
host = "${roof.host}"
port = ${roof.port}
role = "generation"
`;
  return { plug, roof, text };
}

function opened(
  text: string,
  folder = mkdtempSync(join(tmpdir(), "vivian-energy-")),
  units: () => readonly UnitStatus[] = () => [],
) {
  if (!folders.includes(folder)) folders.push(folder);
  const config = parseConfig(text);
  if (!config.ok) throw new Error(JSON.stringify(config.rejection));
  const stops: StopStep[] = [];
  const { energy: settings, meters } = config.value;
  const given = { device: "cpu", deviceAt: () => null, units, jobName: () => "" };
  const parts = { folder, settings, meters, timeZone: "", log, valueNote: "", ...given };
  const energy = openEnergy(parts, stops);
  energy.begin();
  return { energy, folder, stop: () => Promise.all(stops.map(({ stop }) => stop())) };
}

/** Waits until what is told has come true. */
async function until(isSo: () => boolean): Promise<void> {
  const last = Date.now() + 25_000;
  while (!isSo()) {
    if (Date.now() > last) throw new Error("it did not come true in time");
    await new Promise((again) => setTimeout(again, 50));
  }
}

const told = (energy: Energy) => {
  if (energy.answers === null) throw new Error("energy is counted");
  return energy.answers;
};

/** A card of 100 W as NVIDIA's library gives it. */
function card(): Meter {
  const read = () => {
    const atMs = Date.now();
    const register = { millijoules: (atMs % 1e9) * 100, wrapsAtMillijoules: null, epoch: null };
    return Promise.resolve({ atMs, register, watts: 100, signature: null });
  };
  const identity: Meter["identity"] = {
    id: "nvml-card",
    role: "load",
    kind: "nvml-energy",
    tier: "C",
    boundary: "accelerators",
    device: "gpu-0",
    makeModel: null,
    serial: null,
    calibration: null,
    uncertaintyPercent: 5,
    meterSigned: false,
    nameplateWatts: 700,
  };
  return { identity, readEveryMs: 1_000, read, close: () => Promise.resolve() };
}

describe("energy of a machine whose cards alone have meters", () => {
  it("has its processor's too, so that a unit trained there has energy", async () => {
    const unit = { unit: "ab".repeat(32), job: "cd".repeat(32), step: 0, payments: [] };
    let phase = "training";
    const units = () => [{ ...unit, phase }] as unknown as UnitStatus[];
    const { energy, stop } = opened("[energy]\nprocessor_watts = 65\n", undefined, units);
    energy.watch([card()]);
    const answers = told(energy);
    const counted = () => answers.sources().sources.filter((one) => one.counted);
    await until(() => counted().some(holdsProcessor));
    // A processor with a counter of its own needs no model.
    if (counted().some(({ id }) => id === "tdp-processor")) {
      expect(counted().map(({ id, tier }) => [id, tier])).toEqual([
        ["nvml-card", "C"],
        ["tdp-processor", "D"],
      ]);
      expect(answers.now()).toMatchObject({ boundary: "accelerators", tier: "D" });
      await until(() => (answers.now().watts ?? 0) >= 106.5);
      expect(answers.now().watts).toBeLessThanOrEqual(165);
    }
    const used = () => {
      const own = energy.loads().find(({ identity }) => holdsProcessor(identity));
      return own?.counted?.millijoules ?? 0;
    };
    const before = used();
    await until(() => used() > before);
    phase = "sealed";
    energy.lookAtUnits();
    const figure = () => energy.store?.unit(unit.unit)[0];
    await until(() => figure() !== undefined);
    expect(figure()?.millijoules).toBeGreaterThan(0);
    expect(figure()?.sources).not.toContain("nvml-card");
    await stop();
  }, 60_000);
});

/** What is told of now once the roof met the load of an hour; whatever hour the test runs in. */
async function met(answers: ReturnType<typeof told>) {
  const atMs = Date.now();
  const fromMs = atMs - (atMs % 3_600_000);
  let seen = answers.now();
  await until(() => {
    const hours = answers.hours({ fromMs, toMs: Date.now() + 1, step: 3_600 });
    const row = hours.ok ? hours.value.rows.at(-1) : undefined;
    const { loadMillijoules: load, ownMillijoules: own } = row ?? {};
    seen = answers.now();
    if (!load || (own ?? 0) < load || seen.surplusWatts === null) return false;
    expect(row?.matchedMillijoules).toBe(load);
    return true;
  });
  return seen;
}

describe("energy of a home", () => {
  it("is counted from the plug's register, with the roof's surplus, cost and factors", async () => {
    const { plug, roof, text } = await home();
    const { energy, folder, stop } = opened(text);
    const answers = told(energy);
    // Each meter is read by itself: the one may have counted before the other was first asked.
    const now = await met(answers);
    expect(now).toMatchObject({ boundary: "wall", tier: "B", source: "plug", watts: 250 });
    expect(now).toMatchObject({ generationWatts: 900, surplusWatts: 650 });
    // The plug counts the processor too, so that nothing is modelled.
    expect(now.meters.map(({ id }) => id)).not.toContain("tdp-processor");
    const { average } = answers.signals();
    expect(average).toMatchObject({ source: "static-table", zone: "DE", estimated: true });
    const sources = answers.sources();
    expect(sources.evidence).not.toBeNull();
    expect(sources.datasets[0].licence).toBe("ODbL-1.0");
    const minutes = { fromMs: 0, toMs: Date.now(), step: 300 };
    expect(answers.hours(minutes)).toMatchObject({ rejection: { code: "ENERGY_SPAN" } });
    const kept = now.today.loadMillijoules ?? 0;
    await stop();
    // What was counted is there for the next start, which counts on from the register.
    const again = opened(text, folder);
    expect(told(again.energy).now().today.loadMillijoules).toBeGreaterThanOrEqual(kept);
    await again.stop();
    await Promise.all([plug.close(), roof.close()]);
  }, 60_000);

  it("goes on where one meter is gone: its state has a code, the others are read", async () => {
    const { plug, roof, text } = await home();
    await plug.close();
    const { energy, stop } = opened(text);
    const answers = told(energy);
    const stateOf = (id: string) => answers.now().meters.find((one) => one.id === id);
    await until(() => stateOf("plug")?.state === "failed" && stateOf("roof")?.state === "reading");
    expect(stateOf("plug")?.code).toBe("METERS_UNREACHABLE");
    expect(answers.now()).toMatchObject({ watts: null, generationWatts: 900, surplusWatts: null });
    await stop();
    await roof.close();
  }, 60_000);

  it("counts what a battery gives and takes, and knows how full it is", async () => {
    const { plug, roof, text } = await home();
    const models = [
      batteryModel({ percent: 62.5, status: STATUS.charging, watts: () => 500, wattHours: 9_000 }),
    ];
    const battery = await startSunspecDevice({ models });
    const table = (direction: string) => `
[[meters]]
id = "store-${direction}"
kind = "sunspec"
host = "${battery.host}"
port = ${battery.port}
role = "storage"
direction = "${direction}"
`;
    const { energy, stop } = opened(text + table("from") + table("to"));
    const answers = told(energy);
    const wattsOf = (id: string) => answers.now().meters.find((one) => one.id === id)?.watts;
    await until(() => wattsOf("store-to") === 500 && wattsOf("store-from") === 0);
    await until(() => wattsOf("plug") === 250 && wattsOf("roof") === 900);
    expect(answers.now()).toMatchObject({ storageWatts: 0, storageShare: 0.625 });
    // What the battery takes is left over for nobody else.
    expect(answers.now().surplusWatts).toBe(150);
    const charge = { labels: { what: "least" }, value: 0.625 };
    expect(energy.metrics().miner_storage_charge_ratio).toEqual([charge]);
    const kept = () => energy.store?.identities("store-to").at(-1)?.identity;
    await until(() => kept()?.capacityWattHours === 9_000);
    await stop();
    await Promise.all([plug.close(), roof.close(), battery.close()]);
  }, 60_000);

  it("is not counted where the settings say so", () => {
    const { energy } = opened("[energy]\ncount = false\n");
    expect([energy.answers, energy.store]).toEqual([null, null]);
    expect(energy.metrics()).toEqual({});
  });
});
