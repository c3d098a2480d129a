/**
 * Decides what the rows of a span say: load of the counted boundary, own generation, storage and
 * grid, matched within rows of an hour or less by own energy and by certificates as reports count
 * them, with factors, price and cost. A row that nobody
 * read is null in all of them.
 */

import type { EnergyHour, EnergyTotals } from "../../../contract/control-api/index.ts";
import type { ReportInstrument } from "../../../contract/energy-report.ts";
import {
  chooseLoad,
  costOf,
  loadStretch,
  matchRow,
  mixedFlow,
  seenMs,
  sourceTotals,
  sumStretch,
  unseenOf,
  weakestTier,
} from "../../../energy/index.ts";
import type {
  Attributes,
  ChosenLoad,
  PricedEnergy,
  SourceRow,
  StoreContent,
} from "../../../energy/index.ts";
import { certificatesOf, MILLIJOULES_PER_WH } from "../../../energy/report/index.ts";
import { ENERGY_ROW_MS } from "../../../ports/energy-store.ts";
import type { EnergyRow } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";
import type { Signals } from "./signals.ts";
import { storeCapacity } from "./store-content.ts";

const HOUR_MS = 3_600_000;

/** What rows are made from. */
export interface RowNeeds {
  readonly identities: readonly MeterIdentity[];
  readonly rows: (source: string, fromMs: number, toMs: number) => readonly EnergyRow[];
  /** Since when a source is counted at all. */
  readonly sinceMs: (source: string) => number;
  /** What was in the owner's store at a moment. */
  readonly contentAt: (atMs: number) => StoreContent;
  readonly signals: Signals;
  readonly attributes: Attributes;
  /** Claimed certificates that a report over the time would list. */
  readonly instruments: (fromMs: number, toMs: number) => readonly ReportInstrument[];
  /** Where certificates count; undefined where the owner names no zone. */
  readonly zone: string | undefined;
  readonly residualMilligrams: number | null;
  readonly priceAt: (atMs: number) => number | null;
  readonly currency: string | null;
}

/** Rows of a span and what they rest on. */
export interface SpanRows {
  readonly chosen: ChosenLoad | null;
  readonly rows: readonly EnergyHour[];
  readonly totals: EnergyTotals;
}

/**
 * The rows of a span. Times are multiples of the step; a step above an hour is summed from hours.
 * @param toMs  later than `fromMs`
 */
export function spanRows(needs: RowNeeds, fromMs: number, toMs: number, stepMs: number): SpanRows {
  const inner = Math.min(stepMs, HOUR_MS);
  const bySource = new Map<string, Map<number, EnergyRow[]>>();
  const present: MeterIdentity[] = [];
  for (const identity of needs.identities) {
    const buckets = new Map<number, EnergyRow[]>();
    for (const row of needs.rows(identity.id, fromMs, toMs)) {
      const at = Math.floor((row.startMs - fromMs) / inner);
      const bucket = buckets.get(at);
      if (bucket === undefined) buckets.set(at, [row]);
      else bucket.push(row);
    }
    if (buckets.size > 0) present.push(identity);
    bySource.set(identity.id, buckets);
  }
  const chosen = chooseLoad(present);
  const parts: Part[] = [];
  const certificates = certificatesOf(needs.instruments(fromMs, toMs), needs.zone);
  let content = needs.contentAt(fromMs);
  // What a store holds is known of its meters, whether they have rows here or not.
  const capacity = storeCapacity(needs.identities);
  for (let at = 0; fromMs + at * inner < toMs; at += 1) {
    const rowsOf = (source: string) => bySource.get(source)?.get(at) ?? [];
    const startMs = fromMs + at * inner;
    const certified = certificates(startMs, startMs + inner) * MILLIJOULES_PER_WH;
    const stretch = { startMs, lengthMs: inner, content, capacity, certified };
    const part = partOf({ ...needs, identities: present }, chosen, rowsOf, stretch);
    parts.push(part);
    ({ content } = part);
  }
  const each = stepMs / inner;
  const groups = Array.from({ length: Math.ceil(parts.length / each) }, (_, index) =>
    parts.slice(index * each, (index + 1) * each),
  );
  return {
    chosen,
    rows: each === 1 ? parts.map(({ row }) => row) : groups.map((group) => joined(group)),
    totals: totalsOf(needs, chosen, parts),
  };
}

/** A row of an hour or less, with what totals need of it. */
interface Part {
  readonly row: EnergyHour;
  readonly source: SourceRow;
  /** What is in the store at its end. */
  readonly content: StoreContent;
  readonly measured: number;
  readonly priced: readonly PricedEnergy[];
}

function partOf(
  needs: RowNeeds,
  chosen: ChosenLoad | null,
  rowsOf: (source: string) => readonly EnergyRow[],
  stretch: {
    readonly startMs: number;
    readonly lengthMs: number;
    readonly content: StoreContent;
    readonly capacity: number | null;
    /** Of certificates that may be matched in it, millijoules. */
    readonly certified: number;
  },
): Part {
  const { identities, signals, attributes } = needs;
  const { startMs, lengthMs } = stretch;
  const load = chosen === null ? null : loadStretch(chosen, identities, rowsOf, lengthMs);
  const sumOf = (role: MeterIdentity["role"], direction?: "from" | "to") => {
    const sources = identities.filter((one) => one.role === role && one.direction === direction);
    return sumStretch(sources, rowsOf, lengthMs).millijoules;
  };
  const own = sumOf("generation");
  const discharged = sumOf("storage", "from");
  const charged = sumOf("storage", "to") ?? 0;
  const flow = { generated: own ?? 0, charged, discharged: discharged ?? 0 };
  const mixed = mixedFlow(stretch.content, flow, stretch.capacity);
  const unseen = unseenBy(needs, (own ?? 0) - mixed.ownCharged, rowsOf, startMs);
  const used = load?.millijoules ?? 0;
  const endMs = startMs + lengthMs;
  const average = signals.factor("carbon-average", startMs, endMs);
  const free = signals.factor("carbon-free-share", startMs, endMs);
  const source: SourceRow = {
    loadMillijoules: used,
    ownMillijoules: (own ?? 0) - unseen,
    storageMillijoules: mixed.ownDischarged,
    chargedMillijoules: mixed.ownCharged,
    certificateMillijoules: stretch.certified,
    gridMilligrams: average?.value ?? null,
    residualMilligrams: needs.residualMilligrams,
    carbonFreeMillionths: free?.value ?? null,
  };
  const matched = matchRow(source, attributes);
  const priced = pricedRows(needs, chosen, rowsOf);
  const isCounted = load !== null && load.millijoules !== null;
  const row: EnergyHour = {
    startMs,
    loadMillijoules: load?.millijoules ?? null,
    devices: [...(load?.devices ?? [])],
    restMillijoules: load?.restMillijoules ?? null,
    ownMillijoules: own,
    storageMillijoules: discharged === null ? null : mixed.ownDischarged,
    gridMillijoules: isCounted ? matched.boughtMillijoules : null,
    matchedMillijoules: matched.matchedMillijoules,
    surplusMillijoules: matched.surplusMillijoules,
    coverage: load?.coverage ?? 0,
    quality: load?.quality ?? null,
    tier: isCounted && chosen !== null ? chosen.tier : null,
    source: isCounted ? (chosen?.counted[0]?.id ?? null) : null,
    clock: load?.clock ?? null,
    resets: load?.resets ?? 0,
    gridGramsPerKwh: gramsOf(average?.value),
    gridEstimated: average?.estimated ?? false,
    gridSource: average?.source ?? null,
    gridCarbonFree: free === null ? null : Math.min(1, free.value / 1_000_000),
    marginalGramsPerKwh: gramsOf(signals.factor("carbon-marginal", startMs, endMs)?.value),
    residualGramsPerKwh: gramsOf(needs.residualMilligrams),
    priceMicrosPerKwh: needs.priceAt(startMs),
    costMicros: isCounted ? costOf(priced) : null,
  };
  return { row, source, content: mixed.content, measured: measuredOf(load), priced };
}

/** What was made while it was not known what every store took. */
function unseenBy(
  { identities, sinceMs }: RowNeeds,
  left: number,
  rowsOf: (source: string) => readonly EnergyRow[],
  startMs: number,
): number {
  const seenOf = (id: string) => seenMs(rowsOf(id), ENERGY_ROW_MS);
  const plants = identities.filter(({ role }) => role === "generation");
  const ways = identities.filter(({ role, direction }) => role === "storage" && direction === "to");
  const whole = Math.max(0, ...plants.map(({ id }) => seenOf(id)));
  const seen = ways.map(({ id }) => seenOf(id) + Math.max(0, sinceMs(id) - startMs));
  return unseenOf(left, Math.min(whole, ...seen), whole);
}

/** Milligrams as grams; null where nobody knows them. */
function gramsOf(milligrams: number | undefined | null): number | null {
  return milligrams === undefined || milligrams === null ? null : milligrams / 1_000;
}

/** What was measured in its own row; modelled and filled energy is not. */
function measuredOf(load: ReturnType<typeof loadStretch> | null): number {
  if (load === null || load.millijoules === null || load.quality !== "measured") return 0;
  return load.millijoules * load.coverage;
}

/** The load by rows of 300 s, each at the price it began at. */
function pricedRows(
  needs: RowNeeds,
  chosen: ChosenLoad | null,
  rowsOf: (source: string) => readonly EnergyRow[],
): PricedEnergy[] {
  const rows = (chosen?.counted ?? []).flatMap(({ id }) => rowsOf(id));
  return rows.map(({ millijoules, startMs }) => {
    return { millijoules, microsPerKwh: needs.priceAt(startMs) };
  });
}

function totalsOf(
  needs: RowNeeds,
  chosen: ChosenLoad | null,
  parts: readonly Part[],
): EnergyTotals {
  const counted = parts.filter(({ row }) => row.loadMillijoules !== null);
  const sums = sourceTotals(
    counted.map(({ source }) => source),
    needs.attributes,
  );
  const load = sums.loadMillijoules;
  let [measured, coverage] = [0, 0];
  for (const part of parts) {
    measured += part.measured;
    coverage += part.row.coverage;
  }
  const own = parts.flatMap(({ row }) => row.ownMillijoules ?? []);
  const isEmpty = counted.length === 0;
  return {
    loadMillijoules: isEmpty ? null : load,
    ownMillijoules: own.length === 0 ? null : own.reduce((all, one) => all + one, 0),
    measuredShare: load === 0 ? null : Math.min(1, measured / load),
    coverage: parts.length === 0 ? 0 : Math.min(1, coverage / parts.length),
    matchedMillijoules: sums.matchedMillijoules,
    hourlyMatch: sums.hourlyMatch,
    cfeScore: sums.cfeScore,
    locationGrams: isEmpty ? null : sums.locationGrams,
    marketGrams: isEmpty ? null : sums.marketGrams,
    costMicros: isEmpty ? null : costOf(counted.flatMap(({ priced }) => priced)),
    currency: needs.currency,
    tier: isEmpty ? null : (weakestTier(chosen?.counted.map(({ tier }) => tier) ?? []) ?? null),
    uncertaintyPercent: isEmpty || chosen === null ? null : widest(chosen.counted),
  };
}

/** The widest band of what is counted: errors of like meters may all point one way. */
function widest(counted: readonly MeterIdentity[]): number {
  return Math.max(...counted.map(({ uncertaintyPercent }) => uncertaintyPercent));
}

/** Hours as one longer row. Factors are not joined: a day has no one factor. */
function joined(parts: readonly Part[]): EnergyHour {
  const rows = parts.map(({ row }) => row);
  const [first] = rows;
  const sum = (read: (row: EnergyHour) => number | null) => {
    const known = rows.flatMap((row) => read(row) ?? []);
    return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
  };
  const devices = [...new Set(rows.flatMap((row) => row.devices.map(({ device }) => device)))];
  const counted = rows.filter(({ loadMillijoules }) => loadMillijoules !== null);
  const price = new Set(rows.map(({ priceMicrosPerKwh }) => priceMicrosPerKwh));
  const quality = (["gap-filled", "modelled", "measured"] as const).find((one) =>
    counted.some((row) => row.quality === one),
  );
  return {
    ...first,
    loadMillijoules: sum((row) => row.loadMillijoules),
    devices: devices.map((device) => ({
      device,
      millijoules:
        sum((row) => row.devices.find((one) => one.device === device)?.millijoules ?? null) ?? 0,
    })),
    restMillijoules: sum((row) => row.restMillijoules),
    ownMillijoules: sum((row) => row.ownMillijoules),
    storageMillijoules: sum((row) => row.storageMillijoules),
    gridMillijoules: sum((row) => row.gridMillijoules),
    matchedMillijoules: sum((row) => row.matchedMillijoules) ?? 0,
    surplusMillijoules: sum((row) => row.surplusMillijoules) ?? 0,
    coverage: Math.min(1, (sum((row) => row.coverage) ?? 0) / rows.length),
    quality: quality ?? null,
    tier: weakestTier(counted.flatMap(({ tier }) => tier ?? [])),
    source: counted.at(0)?.source ?? null,
    clock: counted.at(0)?.clock ?? null,
    resets: sum((row) => row.resets) ?? 0,
    gridGramsPerKwh: null,
    gridEstimated: rows.some((row) => row.gridEstimated),
    gridCarbonFree: null,
    marginalGramsPerKwh: null,
    priceMicrosPerKwh: price.size === 1 ? first.priceMicrosPerKwh : null,
    costMicros: counted.some((row) => row.costMicros === null)
      ? null
      : sum((row) => row.costMicros),
  };
}

/** A span on whole steps, at least as long as asked for. */
export function wholeSteps(fromMs: number, toMs: number, stepMs: number) {
  const step = Math.max(stepMs, ENERGY_ROW_MS);
  return { fromMs: Math.floor(fromMs / step) * step, toMs: Math.ceil(toMs / step) * step };
}
