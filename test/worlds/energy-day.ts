/**
 * A day of rows as meters would have left them: a machine behind a plug, panels on a roof, an hour
 * of certificates and a unit of work; and the report over it, for checks to be tested on.
 */

import type {
  EnergyReport,
  ReportInstrument,
  ReportWork,
} from "../../src-main/contract/energy-report.ts";
import { sha256 } from "../../src-main/crypto/index.ts";
import {
  keyStatement,
  makeReport,
  reportKey,
  signReport,
  UNKNOWN_STORE,
} from "../../src-main/energy/report/index.ts";
import type {
  PlannedSource,
  ReportPlan,
  UnsignedReport,
} from "../../src-main/energy/report/index.ts";
import type { EnergyRow, SignalKind, SignalRow } from "../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../src-main/ports/meter.ts";
import { must } from "./practice-world.ts";

export const DAY_START = Date.parse("2026-06-20T00:00:00Z");
export const DAY_END = DAY_START + 86_400_000;
const ROW_MS = 300_000;

export const WORKER_SECRET = new Uint8Array(32).fill(11);
export const GENESIS = new Uint8Array(32).fill(12);
export const ACCOUNT = new Uint8Array(20).fill(13);
export const KEY = reportKey(WORKER_SECRET, GENESIS);
export const STATEMENT = keyStatement(KEY.kid, ACCOUNT, GENESIS);

export const PLUG: MeterIdentity = {
  id: "plug-desk",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: "Shelly Plug S",
  serial: "3c6105e3",
  calibration: null,
  uncertaintyPercent: 1,
  meterSigned: false,
};

export const PANELS: MeterIdentity = {
  ...PLUG,
  id: "roof",
  role: "generation",
  kind: "sunspec-meter",
  boundary: "site-meter",
  serial: "SN-1",
  uncertaintyPercent: 2,
};

/** Watts of the roof by hour, within what the June sun gives Berlin. */
const SUN_WATTS = [0, 0, 0, 0, 20, 80, 180, 300, 420, 520, 600, 640, 650, 630, 560, 470, 350, 230];

/** Rows of a constant or hourly power; a register that began long before. */
export function rowsOf(
  source: string,
  wattsAt: (hour: number) => number,
  change: (row: EnergyRow) => EnergyRow | null = (row) => row,
): EnergyRow[] {
  const rows: EnergyRow[] = [];
  let total = 5_000_000;
  for (let startMs = DAY_START; startMs < DAY_END; startMs += ROW_MS) {
    const watts = wattsAt(Math.floor((startMs - DAY_START) / 3_600_000));
    const before = total;
    total += Math.round(watts * 300_000);
    const row = change({
      source,
      startMs,
      millijoules: total - before,
      wattHours: Math.floor(total / 3_600_000) - Math.floor(before / 3_600_000),
      registerEndMillijoules: total,
      measuredMs: ROW_MS,
      quality: "measured",
      clock: "synchronised",
      resets: 0,
      wraps: 0,
      clockJumps: 0,
      refused: 0,
    });
    if (row !== null) rows.push(row);
  }
  return rows;
}

export const plugSource = (
  rows = rowsOf("plug-desk", (hour) => 200 + 7 * hour),
): PlannedSource => ({
  identity: PLUG,
  rows,
  nameplateW: 3_680,
  technology: null,
});

export const roofSource = (
  rows = rowsOf("roof", (hour) => SUN_WATTS[hour] ?? 0),
): PlannedSource => ({
  identity: PANELS,
  rows,
  nameplateW: 1_000,
  technology: "solar",
});

/** A wind turbine beside the roof: any hour, whatever the sun does. */
export const millSource = (watts: (hour: number) => number): PlannedSource => ({
  identity: { ...PANELS, id: "mill", serial: "W-1" },
  rows: rowsOf("mill", watts),
  nameplateW: 500,
  technology: "wind",
});

/** One way of a battery. */
export const storeSource = (
  direction: "from" | "to",
  watts: (hour: number) => number,
): PlannedSource => ({
  identity: { ...PANELS, id: `store-${direction}`, role: "storage", direction, serial: "B-1" },
  rows: rowsOf(`store-${direction}`, watts),
  nameplateW: 2_000,
  technology: null,
});

/** An hourly signal over the day. */
export function hourly(kind: SignalKind, value: (hour: number) => number): SignalRow[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    kind,
    zone: "DE",
    startMs: DAY_START + hour * 3_600_000,
    endMs: DAY_START + (hour + 1) * 3_600_000,
    value: value(hour),
    source: "electricitymaps",
    estimated: hour % 2 === 0,
    forecast: false,
  }));
}

const SIGNALS: Readonly<Partial<Record<SignalKind, readonly SignalRow[]>>> = {
  "carbon-average": hourly("carbon-average", (hour) => 300_000 + 1_003 * hour),
  "carbon-residual": hourly("carbon-residual", (hour) => 520_000 + 7 * hour),
  "carbon-free-share": hourly("carbon-free-share", (hour) => 450_000 + 1_234 * hour),
};

/** A granular certificate of one evening hour. */
export const CERTIFICATE: ReportInstrument = {
  type: "GC",
  registry: "HKN",
  ids: ["DE-GC-0001"],
  volume_wh: 120,
  gen_start: "2026-06-20T20:00:00Z",
  gen_end: "2026-06-20T21:00:00Z",
  technology: "wind",
  production_device: "DE-WIND-7",
  zone: "DE",
  cancelled_at: "2026-06-21T08:00:00Z",
  beneficiary: `0x${"0d".repeat(20)}`,
};

/** A unit of twenty minutes; some 340 J a second of the machine are its. */
export const UNIT: ReportWork = {
  unit: "ab".repeat(32),
  job: "cd".repeat(32),
  device: "cpu",
  chip: "A processor",
  chip_class: "cpu",
  source: "plug-desk",
  steps: 600,
  macs: "500000000000",
  energy_mj: 250_000_000,
  tier: "B-metered",
  start: "2026-06-20T10:00:00.000Z",
  end: "2026-06-20T10:20:00.000Z",
};

/** The plan of the day's report. */
export function dayPlan(change: Partial<ReportPlan> = {}): ReportPlan {
  return {
    seq: 0,
    prev: null,
    former: [],
    account: ACCOUNT,
    kid: KEY.kid,
    fromMs: DAY_START,
    toMs: DAY_END,
    stepSeconds: 3_600,
    zone: "DE",
    location: { latitude: 52.5, longitude: 13.4 },
    store: UNKNOWN_STORE,
    ownAttributes: "retained",
    software: { name: "vivian-miner", version: "0.1.0", build: `sha256:${"00".repeat(32)}` },
    sources: [plugSource(), roofSource()],
    signals: (kind) => SIGNALS[kind] ?? [],
    datasets: () => undefined,
    instruments: [CERTIFICATE],
    work: [UNIT],
    anchors: [],
    serialSecret: WORKER_SECRET,
    ...change,
  };
}

/** The day's report, signed. */
export function dayReport(change: Partial<ReportPlan> = {}): EnergyReport {
  return signReport(must(makeReport(sha256, dayPlan(change))), KEY);
}

/** A report as its maker would have signed it after a change: only what it says can speak. */
export function signedAnew(
  report: EnergyReport,
  change: (report: EnergyReport) => void,
): EnergyReport {
  const copy = structuredClone(report);
  change(copy);
  const { signatures, ...rest } = copy;
  return signatures.length === 0 ? copy : signReport(rest as UnsignedReport, KEY);
}
