/**
 * Decides what a report says, from rows, identities and what the ledger has: one boundary for the
 * load (the best tier first, then the widest), generation and storage beside it, the grid's
 * factors, totals, the units of the time, and the anchored days.
 */

import type {
  EnergyReport,
  KeyChange,
  ReportAnchor,
  ReportInstrument,
  ReportSource,
  ReportWork,
} from "../../contract/energy-report.ts";
import { REPORT_GENERATORS_MAX, REPORT_INTERVALS_MAX } from "../../contract/energy-report.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { ClockState, EnergyRow, SignalKind, SignalRow } from "../../ports/energy-store.ts";
import type { EnergyBoundary, MeterIdentity } from "../../ports/meter.ts";
import { chooseLoad } from "../account/choose-load.ts";
import type { UnsignedReport } from "./canonical.ts";
import { reportTier, serialHash } from "./day-tree.ts";
import { fitReport } from "./fit-report.ts";
import { isWholeRows, reportIntervals } from "./report-intervals.ts";
import type { Measured, StoreBegin } from "./report-intervals.ts";
import { instantText } from "./report-time.ts";
import { totalsOf } from "./totals.ts";

/** A source with its rows of the period. */
export interface PlannedSource {
  readonly identity: MeterIdentity;
  readonly rows: readonly EnergyRow[];
  /** Most watts by its nameplate or as its owner states; null where nobody knows. */
  readonly nameplateW: number | null;
  readonly technology: ReportSource["technology"] | null;
  /** Since when there is such a source; absent: for ever. */
  readonly sinceMs?: number;
}

/** A data set that factors come from, as reports name it. */
export interface SignalDataset {
  readonly dataset: string;
  readonly licence: string;
}

/** Source of the residual mix that the owner states. */
export const OWNER_RESIDUAL = "residual-mix-stated";

/** What a report is made from. */
export interface ReportPlan {
  readonly seq: number;
  /** Digest of the report before, 64 hex digits. */
  readonly prev: string | null;
  /** The keys that the chain had before, each handing over to the next. */
  readonly former: readonly KeyChange[];
  /** The account that anchors, 20 bytes. */
  readonly account: Uint8Array;
  readonly kid: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: EnergyReport["period"]["step_s"];
  readonly zone?: string;
  readonly location?: NonNullable<EnergyReport["subject"]["location"]>;
  /** What the store held when the time began. */
  readonly store: StoreBegin;
  readonly ownAttributes: NonNullable<EnergyReport["own_attributes"]>;
  readonly software: EnergyReport["subject"]["software"];
  readonly sources: readonly PlannedSource[];
  readonly signals: (kind: SignalKind) => readonly SignalRow[];
  /** What a signal's source rests on; undefined where nobody knows. */
  readonly datasets: (source: string) => SignalDataset | undefined;
  readonly instruments: readonly ReportInstrument[];
  readonly work: readonly ReportWork[];
  readonly anchors: readonly ReportAnchor[];
  /** Salts the serial numbers. */
  readonly serialSecret: Uint8Array;
}

const CLOCKS: readonly ClockState[] = ["synchronised", "unsynchronised", "relative"];

/** The sources that count as the load, of those that have rows; none without any. */
export function chosenLoad(sources: readonly PlannedSource[]): readonly PlannedSource[] {
  const withRows = sources.filter(({ rows }) => rows.length > 0);
  const chosen = chooseLoad(withRows.map(({ identity }) => identity))?.counted ?? [];
  return withRows.filter(({ identity }) => chosen.includes(identity));
}

/**
 * A report without its signature.
 * @rejects ENERGY_REPORT_PERIOD (no whole steps, or too many), ENERGY_REPORT_NO_ROWS
 */
export function makeReport(hasher: Hasher, plan: ReportPlan): Outcome<UnsignedReport> {
  const { fromMs, toMs, stepSeconds } = plan;
  const stepMs = stepSeconds * 1_000;
  const steps = (toMs - fromMs) / stepMs;
  if (!isWholeRows(fromMs, toMs, stepMs) || steps > REPORT_INTERVALS_MAX) {
    return reject("ENERGY_REPORT_PERIOD", { steps, max: REPORT_INTERVALS_MAX });
  }
  const loads = chosenLoad(plan.sources);
  if (loads.length === 0) return reject("ENERGY_REPORT_NO_ROWS");
  const withRole = (role: string, direction?: string): PlannedSource[] =>
    plan.sources.filter(
      ({ identity, rows }) =>
        identity.role === role && identity.direction === direction && rows.length > 0,
    );
  const load = measuredAs("load-sum", loads);
  const generators = withRole("generation");
  const own = measuredAs("own-sum", generators);
  const storage = measuredAs("storage-sum", withRole("storage", "from"));
  const charged = measuredAs("charged-sum", withRole("storage", "to"));
  const intervals = reportIntervals({
    fromMs,
    toMs,
    stepMs,
    load: load as Measured,
    isModel: loads.every(({ identity: { kind } }) => kind === "tdp-model" || kind === "declared"),
    own,
    ownApart: areApart(generators),
    storage,
    charged,
    store: plan.store,
    signals: plan.signals,
    zone: plan.zone,
    instruments: plan.instruments,
  });
  const sources = reportSources(hasher, plan, [
    [load, loads],
    [own, generators],
    [storage, withRole("storage", "from")],
    [charged, withRole("storage", "to")],
  ]);
  const figures = { intervals, sources, own_attributes: plan.ownAttributes };
  const base: UnsignedReport = {
    schema: "energy-report/1",
    report_id: reportId(hasher, plan),
    seq: plan.seq,
    prev: plan.prev === null ? null : `sha256:${plan.prev}`,
    ...(plan.former.length === 0 ? {} : { former: [...plan.former] }),
    subject: subjectOf(plan, loads[0].identity.boundary),
    period: {
      start: instantText(fromMs),
      end: instantText(toMs),
      step_s: stepSeconds,
      clock: weakestClock(plan.sources),
    },
    ...figures,
    ...(storage === null && charged === null ? {} : { storage: storageOf(plan.store) }),
    instruments: [...plan.instruments],
    totals: totalsOf(figures),
    assurance: "self-signed",
  };
  return fitReport(base, plan);
}

function subjectOf(plan: ReportPlan, boundary: EnergyBoundary): EnergyReport["subject"] {
  return {
    miner_id: addressToText(plan.account),
    ...(plan.zone === undefined ? {} : { zone: plan.zone }),
    boundary,
    ...(plan.location === undefined ? {} : { location: plan.location }),
    software: plan.software,
  };
}

/** One source as itself, several as their sum; null for none. */
function measuredAs(name: string, sources: readonly PlannedSource[]): Measured | null {
  if (sources.length === 0) return null;
  const id = sources.length === 1 ? sources[0].identity.id : name;
  return {
    id,
    of: sources.map((source) => source.identity.id),
    parts: sources.map(({ rows }) => rows),
    since: sources.map(({ sinceMs = 0 }) => sinceMs),
  };
}

/**
 * Whether a check must know each generator's part: a sum has no technology of its own where theirs
 * differ, and panels in it would be held against nothing.
 */
function areApart(generators: readonly PlannedSource[]): boolean {
  const kinds = new Set(generators.map(({ technology }) => technology));
  return kinds.size > 1 && generators.length <= REPORT_GENERATORS_MAX;
}

function storageOf({ content, capacityWh }: StoreBegin): EnergyReport["storage"] {
  return {
    begin_own_wh: content.own,
    begin_other_wh: content.other,
    ...(capacityWh === null ? {} : { capacity_wh: capacityWh }),
  };
}

type Grouped = readonly [Measured | null, readonly PlannedSource[]];

function reportSources(
  hasher: Hasher,
  plan: ReportPlan,
  groups: readonly Grouped[],
): ReportSource[] {
  const listed = plan.sources.filter(
    ({ identity, rows }) => identity.role !== "grid" && rows.length > 0,
  );
  const single = listed.map((source) => sourceOf(hasher, plan, source));
  const sums = groups.flatMap(([measured, parts]) =>
    measured === null || parts.length < 2 ? [] : [sumSource(measured.id, parts)],
  );
  return [...single, ...sums, ...signalSources(plan)];
}

function sourceOf(
  hasher: Hasher,
  plan: ReportPlan,
  { identity, nameplateW, technology }: PlannedSource,
): ReportSource {
  const { id, role, direction, kind, tier, makeModel, serial, calibration } = identity;
  return {
    id,
    role: role === "grid" ? "grid-signal" : role,
    kind,
    tier: reportTier(tier),
    ...(makeModel === null ? {} : { make_model: makeModel.slice(0, 128) }),
    ...(serial === null ? {} : { serial_hash: serialHash(hasher, plan.serialSecret, serial) }),
    ...(calibration === null ? {} : { calibration: calibration.slice(0, 128) }),
    uncertainty_pct: Math.ceil(identity.uncertaintyPercent * 100 - 1e-9) / 100,
    meter_signed: identity.meterSigned,
    ...(nameplateW === null ? {} : { nameplate_w: Math.ceil(nameplateW) }),
    ...(technology === null ? {} : { technology }),
    ...(role === "storage" && direction !== undefined ? { direction } : {}),
  };
}

/** The sum of sources of one tier: its band is the widest of theirs. */
function sumSource(id: string, parts: readonly PlannedSource[]): ReportSource {
  const { role, kind, direction } = parts[0].identity;
  const tiers = parts.map(({ identity }) => identity.tier).sort((a, b) => (a < b ? -1 : 1));
  const bands = parts.map(({ identity }) => identity.uncertaintyPercent);
  const plates = parts.map(({ nameplateW }) => nameplateW);
  const known = plates.every((watts) => watts !== null);
  const [{ technology }] = parts;
  const alike = parts.every((one) => one.technology === technology);
  return {
    id,
    role: role === "grid" ? "grid-signal" : role,
    kind,
    tier: reportTier(tiers.at(-1) ?? "E"),
    uncertainty_pct: Math.ceil(Math.max(...bands) * 100 - 1e-9) / 100,
    meter_signed: parts.every(({ identity }) => identity.meterSigned),
    ...(known ? { nameplate_w: Math.ceil(plates.reduce((sum, watts) => sum + watts, 0)) } : {}),
    ...(alike && technology !== null ? { technology } : {}),
    ...(role === "storage" && direction !== undefined ? { direction } : {}),
    parts: parts.map(({ identity }) => identity.id),
  };
}

const SIGNAL_KINDS = ["electricitymaps", "watttime", "uk-carbon-intensity"] as const;
const SIGNALS: readonly SignalKind[] = ["carbon-average", "carbon-residual", "carbon-free-share"];

/** Who said how much carbon the grid's energy had; a table of years is a model, a word is one. */
function signalSources(plan: ReportPlan): ReportSource[] {
  const names = new Set(SIGNALS.flatMap((kind) => plan.signals(kind).map(({ source }) => source)));
  return [...names]
    .sort((left, right) => (left < right ? -1 : 1))
    .map((id) => {
      const stated = id === OWNER_RESIDUAL ? ("declared" as const) : undefined;
      const kind = stated ?? SIGNAL_KINDS.find((name) => name === id) ?? "static-table";
      const { dataset = id, licence } = plan.datasets(id) ?? {};
      return {
        id,
        role: "grid-signal",
        kind,
        tier: kind === "static-table" ? "D-model" : "E-declared",
        uncertainty_pct: 0,
        meter_signed: false,
        dataset: dataset.slice(0, 128),
        ...(licence === undefined ? {} : { licence: licence.slice(0, 128) }),
      };
    });
}

function weakestClock(sources: readonly PlannedSource[]): ClockState {
  let weakest = 0;
  for (const { rows } of sources) {
    for (const { clock } of rows) weakest = Math.max(weakest, CLOCKS.indexOf(clock));
  }
  return CLOCKS[weakest];
}

/** A UUID (version 8) of key, number and time: the same report has the same one after a crash. */
function reportId(hasher: Hasher, { kid, seq, fromMs, toMs, stepSeconds }: ReportPlan): string {
  const text = new TextEncoder().encode(`${kid} ${seq} ${fromMs} ${toMs} ${stepSeconds}`);
  const hex = bytesToHex(hasher(text));
  const variant = "89ab"[Number.parseInt(hex[16], 16) % 4];
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
