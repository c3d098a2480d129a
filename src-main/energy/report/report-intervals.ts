/**
 * Decides the intervals of a report from rows: sums of whole Wh, the measured share rounded down,
 * the weakest quality; a time without rows is an interval of coverage 0, never left out.
 */

import type {
  EnergyReport,
  ReportInstrument,
  ReportInterval,
} from "../../contract/energy-report.ts";
import { REPORT_INSTRUMENTS_MAX } from "../../contract/energy-report.ts";
import { EMPTY_STORE, mixedFlow, seenMs, unseenOf } from "../sources/storage-mix.ts";
import type { StoreContent } from "../sources/storage-mix.ts";
import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";
import type { EnergyRow, SignalKind, SignalRow } from "../../ports/energy-store.ts";
import { MILLIJOULES_PER_WH } from "./limits.ts";
import { instantText, readInstant } from "./report-time.ts";

/** Rows of one source, or of several that count as one. */
export interface Measured {
  /** Id in the report. */
  readonly id: string;
  /** Ids of the parts. */
  readonly of: readonly string[];
  /** Rows of each part, in the period. */
  readonly parts: readonly (readonly EnergyRow[])[];
  /** Since when there is each part; before it nothing is missing. */
  readonly since: readonly number[];
}

/** What intervals are made from. */
export interface IntervalInputs {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly load: Measured;
  /** Nothing of the load was measured, whatever its rows say of the meter that was there before. */
  readonly isModel: boolean;
  readonly own: Measured | null;
  /** Whether the parts of the own sum are told apart. */
  readonly ownApart: boolean;
  /** Given back by storage. */
  readonly storage: Measured | null;
  /** Taken by storage, whoever made it. */
  readonly charged: Measured | null;
  readonly store: StoreBegin;
  /** Values of the zone's signals over the period. */
  readonly signals: (kind: SignalKind) => readonly SignalRow[];
  readonly zone: string | undefined;
  readonly instruments: readonly ReportInstrument[];
}

/** The store when the time begins, in whole Wh; with a capacity where it is known. */
export interface StoreBegin {
  readonly content: StoreContent;
  readonly capacityWh: number | null;
}

/** A store that nothing is known of. */
export const UNKNOWN_STORE: StoreBegin = { content: EMPTY_STORE, capacityWh: null };

const QUALITIES = ["measured", "modelled", "gap-filled"] as const;

interface Sum {
  readonly wh: number;
  readonly measuredMs: number;
  /** Time of which the energy is known, when it was used or not. */
  readonly seenMs: number;
  readonly quality: (typeof QUALITIES)[number];
  readonly registerEnd: number | null;
  readonly reset: boolean;
}

/** Rows by the interval they lie in. */
function byInterval(rows: readonly EnergyRow[], fromMs: number, stepMs: number) {
  const found = new Map<number, EnergyRow[]>();
  for (const row of rows) {
    const at = Math.floor((row.startMs - fromMs) / stepMs);
    const held = found.get(at);
    if (held === undefined) found.set(at, [row]);
    else held.push(row);
  }
  return found;
}

function sumOf(rows: readonly EnergyRow[]): Sum {
  let wh = 0;
  let measuredMs = 0;
  let worst = 0;
  let reset = false;
  for (const row of rows) {
    wh += row.wattHours;
    measuredMs += row.measuredMs;
    worst = Math.max(worst, QUALITIES.indexOf(row.quality));
    reset ||= row.resets + row.wraps > 0;
  }
  const registerEnd = rows.at(-1)?.registerEndMillijoules ?? null;
  const seen = seenMs(rows, ENERGY_ROW_MS);
  return { wh, measuredMs, seenMs: seen, quality: QUALITIES[worst], registerEnd, reset };
}

type Sums = (at: number) => { readonly sums: readonly Sum[]; readonly wh: number };

function sumsOf(measured: Measured | null, fromMs: number, stepMs: number): Sums {
  const parts = measured?.parts.map((rows) => byInterval(rows, fromMs, stepMs)) ?? [];
  return (at) => {
    const sums = parts.map((part) => sumOf(part.get(at) ?? []));
    return { sums, wh: sums.reduce((sum, { wh }) => sum + wh, 0) };
  };
}

/** The mean of a signal over a time, by time; null where any of it is unknown. */
export function signalOver(
  rows: readonly SignalRow[],
  fromMs: number,
  toMs: number,
): { readonly value: number; readonly source: string; readonly estimated: boolean } | null {
  let known = 0;
  let weighted = 0;
  let estimated = false;
  let source = "";
  for (const row of rows) {
    const span = Math.min(row.endMs, toMs) - Math.max(row.startMs, fromMs);
    if (span <= 0) continue;
    known += span;
    weighted += row.value * span;
    estimated ||= row.estimated || row.forecast;
    source = row.source;
  }
  if (known !== toMs - fromMs) return null;
  return { value: Math.round(weighted / known), source, estimated };
}

/**
 * Whole Wh of granular certificates of a zone, by the time they may be matched in. The moments are
 * read once: an answer of hours asks for each of its rows.
 */
export function certificatesOf(
  instruments: readonly ReportInstrument[],
  zone: string | undefined,
): (fromMs: number, toMs: number) => number {
  const known = instruments.flatMap((instrument) => {
    if (instrument.type !== "GC" || instrument.zone !== zone) return [];
    const start = readInstant(instrument.gen_start);
    const end = readInstant(instrument.gen_end);
    if (start === undefined || end === undefined) return [];
    return [{ start, end, wh: instrument.volume_wh }];
  });
  return (fromMs, toMs) => {
    const within = known.filter(({ start, end }) => start >= fromMs && end <= toMs);
    return within.reduce((sum, { wh }) => sum + wh, 0);
  };
}

/** Instruments whose generation touches a time, at most as many as one report lists. */
export function instrumentsOfTime(
  instruments: readonly ReportInstrument[],
  fromMs: number,
  toMs: number,
): ReportInstrument[] {
  const touching = instruments.filter(({ gen_start, gen_end }) => {
    const start = readInstant(gen_start);
    const end = readInstant(gen_end);
    return start !== undefined && end !== undefined && start < toMs && end > fromMs;
  });
  return touching.slice(0, REPORT_INSTRUMENTS_MAX);
}

/** The intervals of a report, one for each step of its time. */
export function reportIntervals(inputs: IntervalInputs): EnergyReport["intervals"] {
  const { fromMs, toMs, stepMs, load, own, storage, zone, instruments } = inputs;
  const certificates = certificatesOf(instruments, zone);
  const loads = sumsOf(load, fromMs, stepMs);
  const owns = sumsOf(own, fromMs, stepMs);
  const stores = sumsOf(storage, fromMs, stepMs);
  const charges = sumsOf(inputs.charged, fromMs, stepMs);
  const signals = {
    average: inputs.signals("carbon-average"),
    marginal: inputs.signals("carbon-marginal"),
    residual: inputs.signals("carbon-residual"),
    free: inputs.signals("carbon-free-share"),
  };
  const intervals: ReportInterval[] = [];
  let { content } = inputs.store;
  for (let startMs = fromMs; startMs < toMs; startMs += stepMs) {
    const at = (startMs - fromMs) / stepMs;
    const endMs = startMs + stepMs;
    const made = owns(at);
    const charge = charges(at);
    const [inWh, outWh] = [charge.wh, stores(at).wh];
    const flow = { generated: made.wh, charged: inWh, discharged: outWh };
    const mixed = mixedFlow(content, flow, inputs.store.capacityWh);
    content = mixed.content;
    const seen = seenOf(inputs.charged, charge.sums, startMs, stepMs);
    const whole = Math.max(0, ...made.sums.map((sum) => sum.seenMs));
    const unseen = unseenOf(made.wh - mixed.ownCharged, seen, whole);
    intervals.push({
      start: instantText(startMs),
      ...loadPart(inputs, loads(at).sums),
      own_wh: made.wh - mixed.ownCharged - unseen,
      ...(own === null ? {} : { own_src: own.id }),
      ...(own === null || !inputs.ownApart || made.wh === 0
        ? {}
        : { own_parts: own.of.map((id, part) => ({ id, wh: made.sums[part].wh })) }),
      storage_wh: mixed.ownDischarged,
      ...storePart(inWh, outWh, mixed.ownCharged, unseen),
      gc_wh: certificates(startMs, endMs),
      ...gridPart(signals, startMs, endMs),
    });
  }
  return intervals;
}

/** Time in which every meter of what a store takes was seen; all of it where there is none. */
function seenOf(
  charged: Measured | null,
  sums: readonly Sum[],
  startMs: number,
  stepMs: number,
): number {
  const parts = sums.map((sum, part) => {
    const before = Math.max(0, (charged?.since[part] ?? 0) - startMs);
    return Math.min(stepMs, sum.seenMs + before);
  });
  return Math.min(stepMs, ...parts);
}

/** Nothing where a store did nothing that is known, and nothing may be missing. */
function storePart(inWh: number, outWh: number, ownIn: number, unseen: number) {
  if (inWh + outWh + unseen === 0) return {};
  const flow = { in_wh: inWh, own_in_wh: ownIn, out_wh: outWh };
  return { store: unseen === 0 ? flow : { ...flow, unseen_wh: unseen } };
}

function loadPart({ load: { id }, stepMs, isModel }: IntervalInputs, sums: readonly Sum[]) {
  const measuredMs = sums.reduce((sum, one) => sum + one.measuredMs, 0);
  const whole = stepMs * Math.max(1, sums.length);
  const least = isModel ? QUALITIES.indexOf("modelled") : 0;
  const worst = Math.max(least, ...sums.map(({ quality }) => QUALITIES.indexOf(quality)));
  const single = sums.length === 1 ? sums[0] : undefined;
  const register = single?.registerEnd ?? null;
  return {
    load_wh: sums.reduce((sum, { wh }) => sum + wh, 0),
    load_src: id,
    ...(register === null ? {} : { register_end_wh: Math.floor(register / MILLIJOULES_PER_WH) }),
    ...(single?.reset === true ? { register_reset: true as const } : {}),
    coverage: Math.floor((measuredMs * 10_000) / whole) / 10_000,
    quality: QUALITIES[worst],
  };
}

interface Signals {
  readonly average: readonly SignalRow[];
  readonly marginal: readonly SignalRow[];
  readonly residual: readonly SignalRow[];
  readonly free: readonly SignalRow[];
}

/** Factors of the grid; what nobody knows is null. */
function gridPart(signals: Signals, startMs: number, endMs: number) {
  const average = signalOver(signals.average, startMs, endMs);
  const marginal = signalOver(signals.marginal, startMs, endMs);
  const residual = signalOver(signals.residual, startMs, endMs);
  const free = signalOver(signals.free, startMs, endMs);
  const source = average?.source ?? residual?.source ?? free?.source;
  const grams = (one: { readonly value: number } | null): number | null =>
    one === null ? null : one.value / 1_000;
  return {
    grid_g_per_kwh: grams(average),
    grid_cfe: free === null ? null : Math.floor(free.value / 100) / 10_000,
    ...(source === undefined ? {} : { grid_src: source }),
    ...(average === null ? {} : { grid_estimated: average.estimated }),
    marginal_g_per_kwh: grams(marginal),
    residual_g_per_kwh: grams(residual),
  };
}

/** Rows of a time must be whole: its ends lie on rows. */
export function isWholeRows(fromMs: number, toMs: number, stepMs: number): boolean {
  const whole = (ms: number, unit: number): boolean => Number.isSafeInteger(ms) && ms % unit === 0;
  return (
    whole(fromMs, stepMs) && whole(toMs, stepMs) && stepMs % ENERGY_ROW_MS === 0 && toMs > fromMs
  );
}
