/**
 * Decides what a report of this machine is made from: the store's rows and signals, the units whose
 * energy was counted, the certificates that were claimed, and the days' roots.
 */

import { bytesToHex } from "../../../contract/bytes.ts";
import type {
  EnergyReport,
  ReportAnchor,
  ReportInstrument,
} from "../../../contract/energy-report.ts";
import {
  REPORT_ANCHORS_MAX,
  REPORT_DISCLOSED_MAX,
  REPORT_DISCLOSED_STORE_MAX,
  REPORT_LEAVES_MAX,
} from "../../../contract/energy-report.ts";
import type { KeyStatement } from "../../../contract/energy-report.ts";
import { addressToText } from "../../../crypto/index.ts";
import type { Hasher } from "../../../crypto/index.ts";
import { chosenLoad, dayText, instrumentsOfTime, keyPath } from "../../../energy/report/index.ts";
import type { PlannedSource, ReportPlan, SignalDataset } from "../../../energy/report/index.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { DayClosure, EnergyStore } from "../../../ports/energy-store.ts";
import { leavesOf } from "./anchor-days.ts";
import { keptCertificates } from "./kept-certificates.ts";
import { signalsOf, sourcesOf, storeBegin } from "./report-sources.ts";
import { workOf } from "./report-work.ts";
import type { WorkNeeds } from "./report-work.ts";

/** What the owner says of the place. */
export interface ReportSettings {
  readonly zone: string;
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly attributes: NonNullable<EnergyReport["own_attributes"]>;
  /** Milligrams a kWh of what certificates leave over in the zone; null where nobody says. */
  readonly residualMilligrams: number | null;
}

/** What planning needs. */
export interface PlanNeeds extends WorkNeeds {
  readonly hasher: Hasher;
  readonly store: EnergyStore;
  readonly settings: ReportSettings;
  readonly statement: KeyStatement;
  readonly serialSecret: Uint8Array;
  readonly software: EnergyReport["subject"]["software"];
  readonly certificates: string;
  /** What a signal's source rests on. */
  readonly datasets: (source: string) => SignalDataset | undefined;
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
  chain: Pick<ReportPlan, "seq" | "prev" | "former">,
): ReportPlan {
  const { store, settings, statement, account, serialSecret, software } = needs;
  const { fromMs, toMs, stepSeconds } = asked;
  const zone = asked.zone ?? (settings.zone === "" ? undefined : settings.zone);
  const sources = sourcesOf(store, fromMs, toMs);
  const residual = zone === settings.zone ? settings.residualMilligrams : null;
  const anchors = anchorsOf(needs, fromMs, toMs, sources);
  const own = ownCertificates(needs, chain.former, anchors);
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
    store: storeBegin(store, fromMs, toMs),
    ownAttributes: settings.attributes,
    software,
    sources,
    signals: signalsOf(store, { zone, residual, fromMs, toMs }),
    datasets: needs.datasets,
    instruments: instrumentsOfTime(own, fromMs, toMs),
    work: workOf(needs, sources, fromMs, toMs),
    anchors,
    serialSecret,
  };
}

/**
 * Certificates that were claimed for this account, or for one that a day of the report was anchored
 * by under a key that handed over; anybody else's are not this miner's to count.
 */
function ownCertificates(
  { certificates, account }: PlanNeeds,
  former: ReportPlan["former"],
  anchors: readonly ReportAnchor[],
): ReportInstrument[] {
  const before = anchors.flatMap(({ key, slot }) =>
    slot !== null && former.some(({ from }) => from.kid === key.kid) ? [key.account] : [],
  );
  const owners = [addressToText(account).toLowerCase(), ...before];
  return keptCertificates(certificates).filter(({ beneficiary }) =>
    owners.includes(beneficiary.toLowerCase()),
  );
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
