import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openEnergyDatabase } from "../../../../src-main/adapters/disk/index.ts";
import { mergedRow } from "../../../../src-main/energy/index.ts";
import { ENERGY_DAY_MS, ENERGY_ROW_MS } from "../../../../src-main/ports/energy-store.ts";
import type {
  EnergyRow,
  EnergyStore,
  SignalRow,
  UnitEnergy,
} from "../../../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../../../src-main/ports/meter.ts";

const DAY = 1_795_305_600_000;
let folder: string;
let store: EnergyStore;

const open = () => openEnergyDatabase(folder, { merge: mergedRow });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-energy-"));
  store = open();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function row(startMs: number, rest: Partial<EnergyRow> = {}): EnergyRow {
  return {
    source: "plug",
    startMs,
    millijoules: 1_000_000,
    wattHours: 0,
    registerEndMillijoules: null,
    measuredMs: ENERGY_ROW_MS,
    quality: "measured",
    clock: "synchronised",
    resets: 0,
    wraps: 0,
    clockJumps: 0,
    refused: 0,
    ...rest,
  };
}

const identity: MeterIdentity = {
  id: "plug",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: "Shelly Plug S",
  serial: "A4CF12",
  calibration: null,
  uncertaintyPercent: 1,
  meterSigned: false,
};

const unit: UnitEnergy = {
  unit: "ab".repeat(32),
  job: "cd".repeat(32),
  device: "cpu",
  sources: ["plug"],
  tier: "B",
  startMs: DAY + 1_000,
  endMs: DAY + 2_000,
  millijoules: 5,
  coverageMillionths: 1_000_000,
  quality: "measured",
  steps: 10,
  outcome: "open",
  rewardBase: "0",
  costMicros: null,
  currency: null,
};

const signal: SignalRow = {
  kind: "carbon-average",
  zone: "DE",
  startMs: DAY,
  endMs: DAY + 3_600_000,
  value: 342_060,
  source: "electricitymaps",
  estimated: false,
  forecast: false,
};

describe("rows", () => {
  it("come back as they were, by source and time, after the file was opened again", async () => {
    const strange = row(DAY, {
      millijoules: Number.MAX_SAFE_INTEGER,
      registerEndMillijoules: 2 ** 52 + 1,
      quality: "gap-filled",
      clock: "relative",
      resets: 1,
      wraps: 2,
      clockJumps: 3,
      refused: 65_535,
    });
    const rows = [strange, row(DAY + ENERGY_ROW_MS), row(DAY, { source: "roof" })];
    store.write({ rows, states: [{ source: "plug", bytes: Uint8Array.of(1, 2) }] });
    await store.close();
    store = open();
    expect(store.rows("plug", DAY, DAY + ENERGY_DAY_MS)).toEqual(rows.slice(0, 2));
    expect(store.rows("plug", DAY + 1, DAY + ENERGY_ROW_MS)).toEqual([]);
    expect(store.rows("roof", 0, DAY + 1)).toEqual([rows[2]]);
    expect(store.rows("nobody", 0, DAY * 2)).toEqual([]);
    expect(store.state("plug")).toEqual(Uint8Array.of(1, 2));
    expect(store.state("roof")).toBeUndefined();
  });

  it("add up with what is there", () => {
    store.write({ rows: [row(DAY, { measuredMs: 200_000 })], states: [] });
    store.write({ rows: [row(DAY, { measuredMs: 200_000, quality: "gap-filled" })], states: [] });
    const [merged] = store.rows("plug", DAY, DAY + 1);
    expect(merged).toMatchObject({ millijoules: 2_000_000, measuredMs: ENERGY_ROW_MS });
    expect(merged.quality).toBe("gap-filled");
  });

  it("of a closed day are refused, and nothing of their batch is kept", () => {
    store.closeDay({ dayMs: DAY, closedMs: 1, rows: 0, root: null, anchorSlot: null, kept: bytes });
    const late = { rows: [row(DAY + ENERGY_DAY_MS), row(DAY + 600_000)], states: [] };
    expect(() => store.write(late)).toThrow(expect.objectContaining({ code: "ENERGY_DAY_CLOSED" }));
    expect(store.rows("plug", 0, DAY * 2)).toEqual([]);
  });
});

const bytes = Uint8Array.of(9, 8, 7);

describe("everything else", () => {
  it("keeps who measured since when, and notes only what is new", () => {
    store.identify(DAY, identity);
    store.identify(DAY + 5, identity);
    store.identify(DAY + 9, { ...identity, makeModel: "Shelly Plus" });
    store.identify(DAY + 2, { ...identity, makeModel: "set back" });
    expect(store.identities("plug").map(({ fromMs }) => fromMs)).toEqual([DAY, DAY + 9, DAY + 10]);
    expect(store.identities("plug")[0].identity).toEqual(identity);
    expect(store.sources()).toEqual(["plug"]);
    expect(store.identities("roof")).toEqual([]);
  });

  it("keeps what units cost, newest first, and replaces the same training", () => {
    store.putUnit(unit);
    store.putUnit({ ...unit, outcome: "paid", rewardBase: "12" });
    store.putUnit({ ...unit, startMs: DAY + 9_000 });
    store.putUnit({ ...unit, unit: "ef".repeat(32), startMs: DAY + 5_000 });
    expect(store.unit(unit.unit).map(({ rewardBase }) => rewardBase)).toEqual(["12", "0"]);
    const starts = store.units(DAY, DAY + ENERGY_DAY_MS, 2).map(({ startMs }) => startMs);
    expect(starts).toEqual([DAY + 9_000, DAY + 5_000]);
    expect(store.units(DAY, DAY + 9_000, 9)).toHaveLength(2);
    expect(store.units(DAY + 9_000, DAY + 9_001, 9)).toHaveLength(1);
  });

  it("keeps signals by kind and zone, and never a forecast over a settled value", () => {
    store.putSignals([{ ...signal, forecast: true, value: 1 }]);
    store.putSignals([signal]);
    store.putSignals([{ ...signal, forecast: true, value: 2 }]);
    store.putSignals([{ ...signal, kind: "carbon-marginal", value: 3 }]);
    expect(store.signals("carbon-average", "DE", DAY, DAY + 1)).toEqual([signal]);
    expect(store.signals("carbon-average", "FR", DAY, DAY + 1)).toEqual([]);
    expect(store.signals("carbon-marginal", "DE", 0, DAY * 2)).toHaveLength(1);
  });

  it("keeps closures with what belongs to them", () => {
    const closure = { dayMs: DAY, closedMs: DAY * 2, rows: 3, root: null, anchorSlot: null };
    store.closeDay({ ...closure, kept: bytes });
    store.closeDay({ ...closure, root: bytes, anchorSlot: 7, kept: bytes });
    expect(store.day(DAY)).toEqual({ ...closure, root: bytes, anchorSlot: 7, kept: bytes });
    expect(store.days(DAY - ENERGY_DAY_MS, DAY + 1)).toHaveLength(1);
    expect(store.day(DAY + ENERGY_DAY_MS)).toBeUndefined();
  });

  it("forgets what is older than it should keep, closures excepted", () => {
    const later = DAY + 2 * ENERGY_DAY_MS;
    store.write({ rows: [row(DAY), row(later)], states: [] });
    store.putUnit(unit);
    store.putSignals([signal]);
    store.closeDay({ dayMs: DAY, closedMs: 1, rows: 1, root: null, anchorSlot: null, kept: bytes });
    expect(store.prune(later)).toBe(3);
    expect(store.rows("plug", 0, later * 2)).toHaveLength(1);
    expect(store.unit(unit.unit)).toEqual([]);
    expect(store.signals("carbon-average", "DE", 0, later)).toEqual([]);
    expect(store.day(DAY)).toBeDefined();
  });
});

describe("the file", () => {
  it("of a year of one source stays below 16 MB, written beside others as time goes", () => {
    const sources = ["plug", "roof", "gpu"];
    for (let at = 0; at < 35_040; at += 12) {
      const rows = sources.flatMap((source) =>
        Array.from({ length: 12 }, (_, n) => row(DAY + (at + n) * ENERGY_ROW_MS, { source })),
      );
      store.write({ rows, states: [] });
    }
    const { size } = statSync(join(folder, "data.mdb"));
    console.log(`a year of one source: ${size} bytes`);
    expect(size).toBeLessThan(16_777_216);
  }, 60_000);

  it("that is damaged is put aside, and counting begins anew", async () => {
    store.write({ rows: [row(DAY)], states: [] });
    await store.close();
    writeFileSync(join(folder, "data.mdb"), Buffer.alloc(8_192, 7));
    let aside = "";
    store = openEnergyDatabase(folder, { merge: mergedRow, onPutAside: (file) => (aside = file) });
    expect(aside).toBe(join(folder, "damaged.mdb"));
    expect(store.rows("plug", 0, DAY * 2)).toEqual([]);
  });

  it("holds every batch that was handed over before a kill", async () => {
    await store.close();
    const script = join(folder, "writer.ts");
    const face = new URL("../../../../src-main/", import.meta.url).href;
    writeFileSync(
      script,
      `import { openEnergyDatabase } from "${face}adapters/disk/index.ts";
       import { mergedRow } from "${face}energy/index.ts";
       const store = openEnergyDatabase(${JSON.stringify(folder)}, { merge: mergedRow });
       const row = ${JSON.stringify(row(0))};
       for (let n = 0; ; n += 1) {
         const rows = [{ ...row, startMs: ${DAY} + n * ${ENERGY_ROW_MS} }];
         store.write({ rows, states: [{ source: "plug", bytes: Uint8Array.of(n & 255) }] });
         process.stdout.write(n + "\\n");
       }`,
    );
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    child.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.split("\n").length > 12) child.kill("SIGKILL");
    });
    await once(child, "close");
    store = open();
    const last = Number(told.trim().split("\n").at(-1));
    const rows = store.rows("plug", DAY, DAY + 1e12);
    expect(rows.length).toBeGreaterThan(last);
    // Rows and state are of one transaction.
    expect(store.state("plug")).toEqual(Uint8Array.of((rows.length - 1) & 255));
  }, 30_000);
});
