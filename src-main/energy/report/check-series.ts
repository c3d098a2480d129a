/**
 * Decides whether a report's series is whole: every step of its time once, in order; sources that
 * are listed; totals that follow; registers that only grow and agree with the intervals.
 */

import { REPORT_TIERS } from "../../contract/energy-report.ts";
import type {
  EnergyReport,
  ReportInterval,
  ReportSource,
  ReportTotals,
} from "../../contract/energy-report.ts";
import type { Findings } from "./findings.ts";
import { REGISTER_SHARE, REGISTER_WH } from "./limits.ts";
import { readInstant } from "./report-time.ts";
import { totalsOf } from "./totals.ts";

/** The time of a report in milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** The time that a report is about; undefined where it is none. Says ENERGY_REPORT_PERIOD. */
export function checkPeriod({ period }: EnergyReport, findings: Findings): Span | undefined {
  const fromMs = readInstant(period.start);
  const toMs = readInstant(period.end);
  const stepMs = period.step_s * 1_000;
  const sound =
    fromMs !== undefined && toMs !== undefined && toMs > fromMs && (toMs - fromMs) % stepMs === 0;
  if (sound && fromMs % stepMs === 0) return { fromMs, toMs, stepMs };
  const text = `${period.start} to ${period.end} is no whole number of ${period.step_s} s steps.`;
  findings.say("ENERGY_REPORT_PERIOD", "period", text);
  return undefined;
}

/** Says ENERGY_INTERVAL_MISSING, ENERGY_INTERVAL_OVERLAP, ENERGY_INTERVAL_OUTSIDE. */
export function checkIntervals(report: EnergyReport, span: Span, findings: Findings): void {
  let expected = span.fromMs;
  report.intervals.forEach(({ start }, at) => {
    const where = `intervals.${at}`;
    const ms = readInstant(start);
    const inside = ms !== undefined && ms >= span.fromMs && ms < span.toMs;
    if (!inside || (ms - span.fromMs) % span.stepMs !== 0) {
      findings.say("ENERGY_INTERVAL_OUTSIDE", where, `${start} begins no step of the period.`);
      return;
    }
    if (ms < expected) {
      const text = `The interval of ${start} comes a second time, or out of order.`;
      findings.say("ENERGY_INTERVAL_OVERLAP", where, text);
      return;
    }
    if (ms > expected) sayMissing(expected, ms, span, where, findings);
    expected = ms + span.stepMs;
  });
  if (expected < span.toMs) sayMissing(expected, span.toMs, span, "intervals", findings);
}

function sayMissing(
  fromMs: number,
  toMs: number,
  { stepMs }: Span,
  where: string,
  findings: Findings,
): void {
  const count = (toMs - fromMs) / stepMs;
  const first = new Date(fromMs).toISOString().slice(0, 19);
  const text =
    count === 1
      ? `The interval of ${first}Z is missing; a gap is an interval of coverage 0.`
      : `${count} intervals from ${first}Z on are missing; a gap is an interval of coverage 0.`;
  findings.say("ENERGY_INTERVAL_MISSING", where, text);
}

/**
 * Kinds and the best tier that each can have, as a place from A. A SunSpec meter that signs its
 * readings may settle bills as a revenue meter may.
 */
const BEST_TIER: Readonly<Record<ReportSource["kind"], number>> = {
  "revenue-meter": 0,
  "sunspec-meter": 1,
  "smart-plug": 1,
  "nvml-energy": 2,
  "amdsmi-energy": 2,
  "hwmon-energy": 2,
  rapl: 2,
  "windows-emi": 2,
  ioreport: 2,
  powermetrics: 2,
  "power-sampled": 2,
  "ha-sensor": 2,
  "tdp-model": 3,
  electricitymaps: 3,
  watttime: 3,
  "uk-carbon-intensity": 3,
  "static-table": 3,
  declared: 4,
};

/** Kinds whose meters may sign what they say. */
const SIGNING: readonly ReportSource["kind"][] = ["revenue-meter", "sunspec-meter"];

/** Kinds of which nothing was measured. */
const MODELS: readonly ReportSource["kind"][] = ["tdp-model", "declared"];

/** Says ENERGY_SOURCE_UNKNOWN and ENERGY_SOURCE_TIER. */
export function checkSources(report: EnergyReport, findings: Findings): void {
  const roles = new Map(report.sources.map(({ id, role }) => [id, role]));
  report.sources.forEach((source, at) => {
    const { id, role, parts = [] } = source;
    const where = `sources.${at}`;
    const twice = report.sources.findIndex((one) => one.id === id) !== at;
    const lost = parts.filter((part) => roles.get(part) !== role || part === id);
    if (twice || lost.length > 0) {
      const text = twice ? `The source ${id} is listed twice.` : `Part ${lost[0]} is not listed.`;
      findings.say("ENERGY_SOURCE_UNKNOWN", where, text);
    }
    checkTier(report, source, where, findings);
  });
  report.intervals.forEach(({ load_src, own_src, own_wh, grid_src }, at) => {
    const named = [
      [load_src, "load"],
      ...(own_wh > 0 || own_src !== undefined ? [[own_src ?? "", "generation"]] : []),
      ...(grid_src === undefined ? [] : [[grid_src, "grid-signal"]]),
    ];
    for (const [id, role] of named) {
      if (roles.get(id) === role) continue;
      const text =
        `No source ${id === "" ? "of the own energy" : id} with the role ` + `${role} is listed.`;
      findings.say("ENERGY_SOURCE_UNKNOWN", `intervals.${at}`, text);
    }
  });
  checkMeasured(report, findings);
}

/** A source is no better than its kind, a sum no better than its weakest part. */
function checkTier(
  { sources }: EnergyReport,
  { id, kind, tier, parts = [], meter_signed }: ReportSource,
  where: string,
  findings: Findings,
): void {
  const say = (text: string): void => findings.say("ENERGY_SOURCE_TIER", where, text);
  const isSigning = meter_signed && SIGNING.includes(kind);
  if (meter_signed && !isSigning) say(`A source of kind ${kind} signs nothing.`);
  const best = isSigning ? 0 : BEST_TIER[kind];
  const rank = REPORT_TIERS.indexOf(tier);
  if (rank < best) {
    say(`A source of kind ${kind} is at most tier ${"ABCDE"[best]}; it says ${tier}.`);
  }
  const weakest = sources.find(
    (one) => parts.includes(one.id) && REPORT_TIERS.indexOf(one.tier) > rank,
  );
  if (weakest !== undefined) say(`${id} says ${tier}; its part ${weakest.id} is ${weakest.tier}.`);
  if (meter_signed) {
    findings.skip(`what ${id} signed`, "a report holds none of a meter's own signatures");
  }
}

/** What a model gives is never measured. */
function checkMeasured({ sources, intervals }: EnergyReport, findings: Findings): void {
  const byId = new Map(sources.map((source) => [source.id, source]));
  const isModel = (id: string): boolean => MODELS.includes(byId.get(id)?.kind ?? "declared");
  const models = new Set(
    sources.flatMap(({ id, parts = [id] }) => (parts.every(isModel) ? [id] : [])),
  );
  intervals.forEach(({ load_src, quality, start }, at) => {
    if (quality !== "measured" || !models.has(load_src)) return;
    const text = `${load_src} measures nothing; ${start} is said to be measured by it.`;
    findings.say("ENERGY_SOURCE_TIER", `intervals.${at}.quality`, text);
  });
}

/** Says ENERGY_TOTALS for each total that does not follow from the rest. */
export function checkTotals(report: EnergyReport, findings: Findings): void {
  const right = totalsOf(report);
  for (const name of Object.keys(right) as (keyof ReportTotals)[]) {
    const said = report.totals[name];
    // What a report leaves out claims nothing.
    if (said === undefined || said === right[name]) continue;
    const text =
      `${name} says ${String(said)}; what the report lists gives ` + `${String(right[name])}.`;
    findings.say("ENERGY_TOTALS", `totals.${name}`, text);
  }
}

/**
 * The register of the load against its intervals: between two intervals and over every stretch that
 * was measured whole. Says ENERGY_REGISTER_BACK and ENERGY_REGISTER_DIFFERS.
 */
export function checkRegister(report: EnergyReport, findings: Findings): void {
  let before: ReportInterval | undefined;
  let stretch: { register: number; wh: number; largest: number } | undefined;
  report.intervals.forEach((interval, at) => {
    const { register_end_wh: register, load_src, load_wh, coverage } = interval;
    const last = before?.load_src === load_src ? before.register_end_wh : undefined;
    before = interval;
    if (register === undefined || last === undefined || interval.register_reset === true) {
      stretch = register === undefined ? undefined : { register, wh: 0, largest: load_wh };
      return;
    }
    const where = `intervals.${at}.register_end_wh`;
    if (register < last) {
      const text =
        `The register goes back from ${last} Wh to ${register} Wh without ` + "having begun anew.";
      findings.say("ENERGY_REGISTER_BACK", where, text);
      stretch = { register, wh: 0, largest: load_wh };
      return;
    }
    if (stretch === undefined || coverage < 1) {
      stretch = { register, wh: 0, largest: load_wh };
      return;
    }
    stretch.wh += load_wh;
    stretch.largest = Math.max(stretch.largest, load_wh);
    const grown = register - stretch.register;
    const allowed = REGISTER_WH + REGISTER_SHARE * stretch.largest;
    if (Math.abs(grown - stretch.wh) <= allowed) return;
    const text = `The register grew by ${grown} Wh where the intervals say ${stretch.wh} Wh.`;
    findings.say("ENERGY_REGISTER_DIFFERS", where, text);
    stretch = { register, wh: 0, largest: load_wh };
  });
}
