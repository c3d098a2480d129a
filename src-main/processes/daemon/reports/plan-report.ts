/**
 * Decides what a report of this machine is made from: the store's rows and signals, the units whose
 * energy was counted, the certificates that were claimed, and the days' roots.
 */

import { bytesEqual, bytesToHex, hexToBytes } from "../../../contract/bytes.ts";
import type { EnergyReport, ReportAnchor, ReportWork } from "../../../contract/energy-report.ts";
import {
  REPORT_ANCHORS_MAX,
  REPORT_DISCLOSED_MAX,
  REPORT_DISCLOSED_STORE_MAX,
  REPORT_LEAVES_MAX,
  REPORT_WORK_MAX,
} from "../../../contract/energy-report.ts";
import type { KeyStatement } from "../../../contract/energy-report.ts";
import type { Hasher } from "../../../crypto/index.ts";
import {
  chosenLoad,
  dayText,
  instrumentsOfTime,
  keyPath,
  MILLIJOULES_PER_WH,
  momentText,
  reportTier,
} from "../../../energy/report/index.ts";
import type { PlannedSource, ReportPlan } from "../../../energy/report/index.ts";
import { PRICE_BASE_PER_MEGAMAC } from "../../../learning/index.ts";
import { decodeStored, specificationOf } from "../../../ledger/index.ts";
import type { Node } from "../../../node/index.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { DayClosure, EnergyStore, UnitEnergy } from "../../../ports/energy-store.ts";
import { storeCapacityWh, StoreContents } from "../energy/store-content.ts";
import { leavesOf } from "./anchor-days.ts";
import { keptCertificates } from "./kept-certificates.ts";

/** What the owner says of the place. */
export interface ReportSettings {
  readonly zone: string;
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly attributes: NonNullable<EnergyReport["own_attributes"]>;
}

/** A chip as reports name it. */
export interface ChipFacts {
  readonly name: string;
  readonly chipClass: ReportWork["chip_class"];
}

/** What planning needs. */
export interface PlanNeeds {
  readonly hasher: Hasher;
  readonly store: EnergyStore;
  readonly node: Pick<Node, "job" | "lists" | "outcome" | "record" | "slotOf">;
  readonly settings: ReportSettings;
  readonly statement: KeyStatement;
  readonly account: Uint8Array;
  readonly serialSecret: Uint8Array;
  readonly software: EnergyReport["subject"]["software"];
  readonly chipOf: (device: string) => ChipFacts;
  readonly certificates: string;
}

/** What is asked for. */
export interface Asked {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: EnergyReport["period"]["step_s"];
  readonly zone?: string | undefined;
}

/** The plan of the next report. */
export function planReport(
  needs: PlanNeeds,
  asked: Asked,
  chain: { readonly seq: number; readonly prev: string | null },
): ReportPlan {
  const { store, settings, statement, account, serialSecret, software } = needs;
  const { fromMs, toMs, stepSeconds } = asked;
  const zone = asked.zone ?? (settings.zone === "" ? undefined : settings.zone);
  const sources = sourcesOf(needs, fromMs, toMs);
  const place = settings.location;
  const tenths = (degrees: number): number => Math.round(degrees * 10) / 10;
  return {
    ...chain,
    account,
    kid: statement.kid,
    fromMs,
    toMs,
    stepSeconds,
    ...(zone === undefined ? {} : { zone }),
    ...(place === null
      ? {}
      : {
          location: { latitude: tenths(place.latitude), longitude: tenths(place.longitude) },
        }),
    store: storeBegin(needs, fromMs, toMs),
    ownAttributes: settings.attributes,
    software,
    sources,
    signals: (kind) => (zone === undefined ? [] : store.signals(kind, zone, fromMs, toMs)),
    instruments: instrumentsOfTime(keptCertificates(needs.certificates), fromMs, toMs),
    work: workOf(needs, fromMs, toMs),
    anchors: anchorsOf(needs, fromMs, toMs, sources),
    serialSecret,
  };
}

function sourcesOf({ store }: PlanNeeds, fromMs: number, toMs: number): PlannedSource[] {
  return store.sources().flatMap((source) => {
    const rows = store.rows(source, fromMs, toMs);
    const identity = store.identities(source).findLast((one) => one.fromMs < toMs)?.identity;
    if (identity === undefined || rows.length === 0) return [];
    const { nameplateWatts = null, technology = null } = identity;
    return [{ identity, rows, nameplateW: nameplateWatts, technology }];
  });
}

/** The store when the time begins; rounded so that no Wh of the own plant is made up. */
function storeBegin({ store }: PlanNeeds, fromMs: number, toMs: number): ReportPlan["store"] {
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

function workOf(needs: PlanNeeds, fromMs: number, toMs: number): ReportWork[] {
  const { store } = needs;
  const units = store.units(fromMs, toMs, REPORT_WORK_MAX);
  const whole = units.filter(({ endMs, millijoules }) => endMs <= toMs && millijoules !== null);
  return whole.flatMap((unit) => unitWork(needs, unit)).reverse();
}

function unitWork({ node, account, chipOf }: PlanNeeds, unit: UnitEnergy): ReportWork[] {
  const job = node.job(hexToBytes(unit.job));
  const [source] = unit.sources;
  if (job === undefined || source === undefined || unit.millijoules === null) return [];
  const specification = specificationOf(job);
  const chip = chipOf(unit.device);
  // What the price stands for; the ledger knows the price.
  const macs = (specification.unitPriceBase * 1_000_000n) / PRICE_BASE_PER_MEGAMAC;
  const slots = slotsOf(node, account, unit);
  return [
    {
      unit: unit.unit,
      job: unit.job,
      device: unit.device,
      chip: chip.name.slice(0, 128),
      chip_class: chip.chipClass,
      source,
      steps: specification.steps,
      macs: String(macs),
      energy_mj: unit.millijoules,
      tier: reportTier(unit.tier),
      start: momentText(unit.startMs),
      end: momentText(unit.endMs),
      ...slots,
    },
  ];
}

/** Records of an account that are looked through for those of a unit. */
const SLOTS_LOOKED_AT = 512;

/** Where the ledger has the job, this account's result and what it stated of the energy. */
function slotsOf(
  node: PlanNeeds["node"],
  account: Uint8Array,
  { job, unit }: UnitEnergy,
): Pick<ReportWork, "job_slot" | "reveal_slot" | "energy_slot"> {
  const created = node.slotOf(hexToBytes(job));
  if (created === undefined) return {};
  const found: Record<string, number> = {};
  const id = hexToBytes(unit);
  for (const slot of node.lists.feedFrom(account, created, SLOTS_LOOKED_AT)) {
    const stored = node.record(slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    const outcome = node.outcome(slot);
    if (!read.ok || !outcome.ok || outcome.value.code !== "") continue;
    const { payload } = read.value.record;
    if (payload.kind !== "unit-reveal" && payload.kind !== "unit-energy") continue;
    if (!bytesEqual(payload.unit, id) || !bytesEqual(read.value.record.account, account)) continue;
    found[payload.kind === "unit-reveal" ? "reveal_slot" : "energy_slot"] = Number(slot);
  }
  return { job_slot: Number(created), ...found };
}

/** The days that the time touches and that have a root, newest last; rows shown where they fit. */
function anchorsOf(
  needs: PlanNeeds,
  fromMs: number,
  toMs: number,
  sources: readonly PlannedSource[],
): ReportAnchor[] {
  const firstMs = Math.floor(fromMs / ENERGY_DAY_MS) * ENERGY_DAY_MS;
  const closures = needs.store.days(firstMs, toMs).filter(({ root }) => root !== null);
  const withRole = (wanted: string): string[] =>
    sources.flatMap(({ identity: { id, role } }) => (role === wanted ? [id] : []));
  const load = chosenLoad(sources).map(({ identity }) => identity.id);
  const least = new Set([...load, ...withRole("generation")]);
  // Rows of a store are shown where there is room for all of them.
  const shown = [new Set([...least, ...withRole("storage")]), least];
  const isDay = toMs - fromMs <= ENERGY_DAY_MS;
  let left = isDay ? REPORT_DISCLOSED_STORE_MAX : REPORT_DISCLOSED_MAX;
  return closures.slice(-REPORT_ANCHORS_MAX).flatMap((closure) => {
    const anchor = anchorOf(needs, closure, shown, left);
    left -= anchor?.disclosed?.length ?? 0;
    return anchor === undefined ? [] : [anchor];
  });
}

/** A day's root with its key, and its rows while there is room for all of them. */
function anchorOf(
  { hasher, store, statement }: PlanNeeds,
  closure: DayClosure,
  shown: readonly ReadonlySet<string>[],
  most: number,
): ReportAnchor | undefined {
  if (closure.root === null) return undefined;
  const closed = leavesOf(hasher, store, statement, closure);
  if (closed === undefined) return undefined;
  const { leaves } = closed;
  const rowsOf = (sources: ReadonlySet<string>) =>
    leaves.rows.flatMap(({ salt, row }, at) =>
      sources.has(row.source) ? [{ index: at + 1, salt: bytesToHex(salt), row }] : [],
    );
  const wanted = shown.map(rowsOf).find(({ length }) => length <= most);
  const fits = wanted !== undefined && leaves.hashes.length <= REPORT_LEAVES_MAX;
  return {
    day: dayText(closure.dayMs),
    slot: closure.anchorSlot,
    root: bytesToHex(closure.root),
    rows: closure.rows,
    key: closed.statement,
    key_path: keyPath(hasher, leaves),
    ...(fits ? { leaves: leaves.hashes.map(bytesToHex), disclosed: wanted } : {}),
  };
}
