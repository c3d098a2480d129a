/**
 * Decides which rows, signals and store a report of a time rests on. A source is no better than the
 * weakest meter that stood under its name in that time, and in one place only: rows that it left
 * behind in another role are another source's, and are not counted.
 */

import { tierRank } from "../../../energy/index.ts";
import { MILLIJOULES_PER_WH, OWNER_RESIDUAL } from "../../../energy/report/index.ts";
import type { PlannedSource, ReportPlan } from "../../../energy/report/index.ts";
import type { EnergyStore, SignalRow, SourceSince } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";
import { storeCapacityWh, StoreContents } from "../energy/store-content.ts";

/** A signal's row may begin so long before the time that it reaches into. */
const SIGNAL_REACH_MS = 86_400_000;

/** The sources that have rows in a time. */
export function sourcesOf(store: EnergyStore, fromMs: number, toMs: number): PlannedSource[] {
  return store.sources().flatMap((source) => {
    const since = store.identities(source);
    const newest = since.findLast((one) => one.fromMs < toMs)?.identity;
    if (newest === undefined) return [];
    const rows = store
      .rows(source, fromMs, toMs)
      .filter(({ startMs }) => isSamePlace(identityAt(since, startMs), newest));
    if (rows.length === 0) return [];
    const stood = new Set(rows.map(({ startMs }) => identityAt(since, startMs)));
    return [{ ...together([...stood], newest), rows, sinceMs: since[0].fromMs }];
  });
}

/** Who measured when a row began, as the days' trees have it. */
function identityAt(since: readonly SourceSince[], startMs: number): MeterIdentity {
  return (since.findLast(({ fromMs }) => fromMs <= startMs) ?? since[0]).identity;
}

function isSamePlace(one: MeterIdentity, other: MeterIdentity): boolean {
  return (
    one.role === other.role &&
    one.direction === other.direction &&
    one.boundary === other.boundary &&
    one.device === other.device
  );
}

/** Some meters under one name: the weakest of them, with all that bounds any of them. */
function together(
  stood: readonly MeterIdentity[],
  newest: MeterIdentity,
): Omit<PlannedSource, "rows" | "sinceMs"> {
  const weakest = stood.reduce((one, other) =>
    tierRank(other.tier) >= tierRank(one.tier) ? other : one,
  );
  const plates = stood.map(({ nameplateWatts }) => nameplateWatts ?? null);
  const isSolar = stood.some(({ technology }) => technology === "solar");
  return {
    identity: {
      ...weakest,
      uncertaintyPercent: Math.max(...stood.map((one) => one.uncertaintyPercent)),
      meterSigned: stood.every(({ meterSigned }) => meterSigned),
    },
    nameplateW: plates.every((watts) => watts !== null) ? Math.max(...plates) : null,
    technology: isSolar ? "solar" : (newest.technology ?? null),
  };
}

/** What the grid's signals are read for. */
export interface SignalsAsked {
  readonly zone: string | undefined;
  /** Milligrams a kWh of the residual mix, as the owner states it. */
  readonly residual: number | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The signals that reach into a time. */
export function signalsOf(
  store: EnergyStore,
  { zone, residual, fromMs, toMs }: SignalsAsked,
): ReportPlan["signals"] {
  return (kind) => {
    if (zone === undefined) return [];
    if (kind === "carbon-residual" && residual !== null) {
      return [residualRow({ zone, startMs: fromMs, endMs: toMs, value: residual })];
    }
    return store
      .signals(kind, zone, fromMs - SIGNAL_REACH_MS, toMs)
      .filter(({ endMs }) => endMs > fromMs);
  };
}

function residualRow(stated: Pick<SignalRow, "zone" | "startMs" | "endMs" | "value">): SignalRow {
  const kind = "carbon-residual";
  return { ...stated, kind, source: OWNER_RESIDUAL, estimated: true, forecast: false };
}

/** The store when the time begins; rounded so that no Wh of the own plant is made up. */
export function storeBegin(store: EnergyStore, fromMs: number, toMs: number): ReportPlan["store"] {
  const identities = store
    .sources()
    .flatMap((id) => store.identities(id).findLast((one) => one.fromMs < toMs)?.identity ?? []);
  const rows: EnergyStore["rows"] = (source, from, to) => store.rows(source, from, to);
  const capacityWh = storeCapacityWh(identities);
  const { own, other } = new StoreContents(() => toMs).at({ identities, rows }, fromMs);
  const ownWh = Math.floor(own / MILLIJOULES_PER_WH);
  const otherWh = Math.ceil(other / MILLIJOULES_PER_WH);
  // Rounding must not fill a store beyond what it holds.
  const content = { own: ownWh, other: Math.min(otherWh, (capacityWh ?? Infinity) - ownWh) };
  return { content, capacityWh };
}
