import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openEnergyDatabase } from "../../../../../src-main/adapters/disk/index.ts";
import { EMPTY_STORE, mergedRow } from "../../../../../src-main/energy/index.ts";
import type { UnitStatus } from "../../../../../src-main/miner/index.ts";
import type { EnergyStore } from "../../../../../src-main/ports/energy-store.ts";
import type { Meter, MeterIdentity } from "../../../../../src-main/ports/meter.ts";
import { EnergyCount } from "../../../../../src-main/processes/daemon/energy/energy-count.ts";
import { spanRows } from "../../../../../src-main/processes/daemon/energy/energy-rows.ts";
import { Signals } from "../../../../../src-main/processes/daemon/energy/signals.ts";
import { UnitEnergies } from "../../../../../src-main/processes/daemon/energy/unit-energy.ts";

const DAY = 1_795_305_600_000;
const HOUR = 3_600_000;
const KWH = 3_600_000_000;
const log = { info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let store: EnergyStore;
let nowMs = DAY;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-count-"));
  store = openEnergyDatabase(folder, { merge: mergedRow });
  nowMs = DAY;
  shown.clear();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function counted(): EnergyCount {
  return new EnergyCount({
    store,
    log,
    nowMs: () => nowMs,
    runningMs: () => nowMs - DAY,
    clock: () => "synchronised",
  });
}

function meter(id: string, rest: Partial<MeterIdentity> = {}): Meter {
  const identity: MeterIdentity = {
    id,
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
    ...rest,
  };
  const read = () => Promise.reject(new Error("not asked"));
  return { identity, readEveryMs: 5_000, read, close: () => Promise.resolve() };
}

const plug = meter("plug");
const roof = meter("roof", { role: "generation", boundary: "site-meter" });

const shown = new Map<string, number>();

/** Reads registers of some meters at their watts every 10 s, from where they stood. */
function run(
  count: EnergyCount,
  watts: readonly (readonly [Meter, number])[],
  forMs: number,
): void {
  const begin = nowMs;
  for (; nowMs <= begin + forMs; nowMs += 10_000) {
    for (const [one, each] of watts) {
      const stood = shown.get(one.identity.id) ?? 0;
      const millijoules = stood + each * (nowMs - begin);
      const register = { millijoules, wrapsAtMillijoules: null, epoch: "one" };
      count.take(one, { atMs: nowMs, register, watts: null, signature: null });
    }
  }
  nowMs = begin + forMs;
  for (const [one, each] of watts) {
    shown.set(one.identity.id, (shown.get(one.identity.id) ?? 0) + each * forMs);
  }
}

describe("counting", () => {
  it("writes rows as they end and shows what is not written yet", () => {
    const count = counted();
    count.open(plug);
    run(count, [[plug, 100]], HOUR);
    expect(store.rows("plug", DAY, DAY + HOUR)).toHaveLength(12);
    run(count, [[plug, 100]], 60_000);
    const open = count.rows("plug", DAY + HOUR, DAY + 2 * HOUR);
    expect(open[0].millijoules).toBe(6_000_000);
    expect(count.rows("plug", DAY, DAY + HOUR).map(({ measuredMs }) => measuredMs)).toEqual(
      Array(12).fill(300_000),
    );
  });

  it("refuses a leap beyond the nameplate, which another source may make", () => {
    const card = meter("card", { nameplateWatts: 700 });
    const count = counted();
    for (const one of [card, plug]) count.open(one);
    run(
      count,
      [
        [card, 700],
        [plug, 700],
      ],
      600_000,
    );
    // 5 kW for a minute: a plug may, a card may not.
    for (const one of [card, plug]) {
      const register = { millijoules: 720_000_000, wrapsAtMillijoules: null, epoch: "one" };
      count.take(one, { atMs: nowMs + 60_000, register, watts: null, signature: null });
    }
    const sumOf = (id: string) =>
      count.rows(id, DAY, DAY + HOUR).reduce((all, { millijoules }) => all + millijoules, 0);
    expect([sumOf("card"), sumOf("plug")]).toEqual([420_000_000, 720_000_000]);
    expect(store.identities("card")[0].identity.nameplateWatts).toBe(700);
  });

  it("goes on after a crash by the register: what was open is counted, and nothing twice", () => {
    const first = counted();
    first.open(plug);
    const read = (count: EnergyCount, atMs: number) => {
      nowMs = atMs;
      const register = { millijoules: 100 * (atMs - DAY), wrapsAtMillijoules: null, epoch: null };
      count.take(plug, { atMs, register, watts: null, signature: null });
    };
    for (let at = DAY; at <= DAY + 420_000; at += 10_000) read(first, at);
    // The process ends here; two minutes later another one counts on.
    const second = counted();
    second.open(plug);
    for (let at = DAY + 540_000; at <= DAY + 700_000; at += 10_000) read(second, at);
    second.write();
    const rows = store.rows("plug", DAY, DAY + HOUR);
    expect(rows.reduce((all, { millijoules }) => all + millijoules, 0)).toBe(70_000_000);
    expect(rows.map(({ measuredMs }) => measuredMs)).toEqual([300_000, 300_000, 100_000]);
  });

  it("keeps rows that the disk refused and writes them when it takes them", () => {
    let isFull = true;
    const write: EnergyStore["write"] = (batch) => {
      if (isFull) throw Object.assign(new Error("full"), { code: "STORE_DISK_FULL" });
      store.write(batch);
    };
    const stubborn = { ...bound(store), write };
    const told: string[] = [];
    const count = new EnergyCount({
      store: stubborn,
      log: { ...log, warn: (words: string) => told.push(words) },
      nowMs: () => nowMs,
      runningMs: () => nowMs - DAY,
      clock: () => "synchronised",
    });
    count.open(plug);
    run(count, [[plug, 100]], HOUR);
    expect(told).toHaveLength(1);
    isFull = false;
    count.write();
    const rows = store.rows("plug", DAY, DAY + 2 * HOUR);
    expect(rows.reduce((all, { millijoules }) => all + millijoules, 0)).toBe(100 * HOUR);
  });

  it("writes nothing into a closed day", () => {
    const count = counted();
    count.open(plug);
    const closure = { dayMs: DAY, closedMs: DAY, rows: 0, root: null, anchorSlot: null };
    store.closeDay({ ...closure, kept: new Uint8Array() });
    run(count, [[plug, 100]], 600_000);
    count.write();
    expect(store.rows("plug", DAY, DAY + 24 * HOUR)).toEqual([]);
    const [late] = store.rows("plug", DAY + 24 * HOUR, DAY + 25 * HOUR);
    expect(late).toMatchObject({ millijoules: 60_000_000, quality: "gap-filled" });
    // Nothing of the new day was measured by it.
    expect(late).toMatchObject({ measuredMs: 0, registerEndMillijoules: null });
  });

  it("knows no moment from a reading that was refused", () => {
    const count = counted();
    count.open(plug);
    run(count, [[plug, 100]], 60_000);
    const register = { millijoules: 6_000_000, wrapsAtMillijoules: null, epoch: "one" };
    count.take(plug, { atMs: nowMs + HOUR, register, watts: null, signature: null });
    expect(count.newest("plug")?.atMs).toBe(nowMs);
    run(count, [[plug, 100]], 60_000);
    expect(count.sumAt("plug", nowMs - 30_000)?.millijoules).toBe(9_000_000);
  });
});

/** A store's calls as plain functions. */
function bound(one: EnergyStore): EnergyStore {
  return new Proxy(one, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
    ownKeys: () => Reflect.ownKeys(Object.getPrototypeOf(one) as object),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

describe("rows of a span", () => {
  const needs = (count: EnergyCount) => ({
    identities: [plug.identity, roof.identity],
    rows: (source: string, fromMs: number, toMs: number) => count.rows(source, fromMs, toMs),
    sinceMs: () => 0,
    contentAt: () => EMPTY_STORE,
    signals: new Signals(
      store,
      [
        {
          ...{ kind: "carbon-average", zone: "DE", source: "static-table", constant: 400_000 },
          ...{ failure: () => null, fetchedMs: () => null },
        },
      ],
      [],
    ),
    attributes: "retained" as const,
    instruments: () => [],
    zone: undefined,
    residualMilligrams: null,
    priceAt: () => 300_000,
    currency: "EUR",
  });

  it("match by the hour, with cost and both totals; what nobody read is null", () => {
    const count = counted();
    for (const one of [plug, roof]) count.open(one);
    run(
      count,
      [
        [plug, 1_000],
        [roof, 400],
      ],
      HOUR,
    );
    const { rows, totals } = spanRows(needs(count), DAY, DAY + 3 * HOUR, HOUR);
    expect(rows[0]).toMatchObject({
      loadMillijoules: KWH,
      ownMillijoules: 0.4 * KWH,
      matchedMillijoules: 0.4 * KWH,
      gridMillijoules: 0.6 * KWH,
      coverage: 1,
      tier: "B",
      gridGramsPerKwh: 400,
      costMicros: 300_000,
    });
    expect(rows[2]).toMatchObject({ loadMillijoules: null, coverage: 0, costMicros: null });
    expect(totals).toMatchObject({ hourlyMatch: 0.4, locationGrams: 240, marketGrams: null });
    expect(totals.coverage).toBeCloseTo(1 / 3, 10);
  });

  it("of a day are its hours together: a surplus at noon does not serve the night", () => {
    const count = counted();
    for (const one of [plug, roof]) count.open(one);
    run(
      count,
      [
        [plug, 1_000],
        [roof, 0],
      ],
      HOUR,
    );
    run(
      count,
      [
        [plug, 1_000],
        [roof, 3_000],
      ],
      HOUR,
    );
    const { rows, totals } = spanRows(needs(count), DAY, DAY + 24 * HOUR, 24 * HOUR);
    expect(rows).toHaveLength(1);
    expect(rows[0].loadMillijoules).toBe(2 * KWH);
    expect(rows[0].matchedMillijoules).toBe(KWH);
    expect(totals.hourlyMatch).toBe(0.5);
  });
});

describe("a unit's energy", () => {
  const status = (rest: Partial<UnitStatus>): UnitStatus =>
    ({ unit: "ab".repeat(32), job: "cd".repeat(32), step: 0, payments: [], ...rest }) as UnitStatus;

  it("is that of its device between start and end, at the price of the hour", () => {
    const count = counted();
    const gpu = meter("nvml", { tier: "C", boundary: "accelerators", device: "gpu-0" });
    for (const one of [plug, gpu]) count.open(one);
    const units = new UnitEnergies({
      store,
      identities: () => count.identities(),
      sumAt: (source, atMs) => count.sumAt(source, atMs),
      newest: (source) => count.newest(source),
      device: "gpu-0",
      nowMs: () => nowMs,
      priceAt: () => 360_000,
      currency: "EUR",
    });
    run(
      count,
      [
        [plug, 300],
        [gpu, 200],
      ],
      60_000,
    );
    units.look([status({ phase: "training" })]);
    const begun = nowMs;
    const from = 200 * 60_000;
    for (let at = 0; at <= 90_000; at += 10_000) {
      nowMs = begun + at;
      const register = { millijoules: from + 200 * at, wrapsAtMillijoules: null, epoch: "one" };
      count.take(gpu, { atMs: nowMs, register, watts: null, signature: null });
    }
    nowMs = begun + 85_000;
    units.look([status({ phase: "sealed", step: 100 })]);
    units.settle();
    const paid = { to: "00", share: "worker", amountBase: 5n, minted: true, slot: 1n } as const;
    units.look([status({ phase: "paid", step: 100, payments: [paid] })]);
    const [energy] = store.unit("ab".repeat(32));
    expect(energy).toMatchObject({
      device: "gpu-0",
      sources: ["nvml"],
      tier: "C",
      millijoules: 200 * 85_000,
      coverageMillionths: 1_000_000,
      steps: 100,
      outcome: "paid",
      rewardBase: "5",
      costMicros: 1_700,
    });
  });

  it("ends while it is paused and begins anew when it goes on: two trainings of one unit", () => {
    const count = counted();
    const units = new UnitEnergies({
      store,
      identities: () => [plug.identity],
      sumAt: (source, atMs) => count.sumAt(source, atMs),
      newest: (source) => count.newest(source),
      device: "cpu",
      nowMs: () => nowMs,
      priceAt: () => null,
      currency: null,
    });
    count.open(plug);
    run(count, [[plug, 100]], 60_000);
    units.look([status({ phase: "training" })]);
    run(count, [[plug, 100]], 60_000);
    units.look([status({ phase: "training", step: 40 })]);
    units.look([]);
    run(count, [[plug, 100]], 600_000);
    units.look([status({ phase: "training", step: 40 })]);
    run(count, [[plug, 100]], 60_000);
    units.look([status({ phase: "sealed", step: 100 })]);
    units.settle(true);
    const trainings = store.unit("ab".repeat(32));
    expect(trainings.map(({ steps }) => steps)).toEqual([40, 60]);
    expect(trainings.map(({ millijoules }) => millijoules)).toEqual([6_000_000, 6_000_000]);
    expect(trainings[0].costMicros).toBeNull();
  });

  it("that no meter covered is not known, never a zero", () => {
    const count = counted();
    const units = new UnitEnergies({
      store,
      identities: () => [],
      sumAt: () => null,
      newest: () => null,
      device: "cpu",
      nowMs: () => nowMs,
      priceAt: () => 1,
      currency: "EUR",
    });
    units.look([status({ phase: "training" })]);
    nowMs += 60_000;
    units.look([status({ phase: "voided" })]);
    units.settle(true);
    expect(count.identities()).toEqual([]);
    const [energy] = store.unit("ab".repeat(32));
    expect(energy).toMatchObject({ millijoules: null, costMicros: null, coverageMillionths: 0 });
    expect(energy.outcome, "paid or voided before its figure was taken").toBe("voided");
  });
});
