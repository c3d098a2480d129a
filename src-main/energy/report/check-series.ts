/**
 * Decides whether a report's series is whole: every step of its time once, in order; sources that
 * are listed; totals that follow; registers that only grow and agree with the intervals.
 */

import type { EnergyReport, ReportInterval, ReportTotals } from "../../contract/energy-report.ts";
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

/** Kinds that are models or statements, and the best tier each can have, as a place from A. */
const BEST_TIER: Readonly<Record<string, number>> = {
  "tdp-model": 3,
  "power-sampled": 2,
  "nvml-energy": 2,
  "amdsmi-energy": 2,
  "hwmon-energy": 2,
  rapl: 2,
  "windows-emi": 2,
  ioreport: 2,
  powermetrics: 2,
  "ha-sensor": 2,
  "smart-plug": 1,
  "sunspec-meter": 1,
  "static-table": 3,
  declared: 4,
};

/** Says ENERGY_SOURCE_UNKNOWN and ENERGY_SOURCE_TIER. */
export function checkSources(report: EnergyReport, findings: Findings): void {
  const roles = new Map(report.sources.map(({ id, role }) => [id, role]));
  report.sources.forEach(({ id, kind, tier, parts, meter_signed }, at) => {
    const where = `sources.${at}`;
    const twice = report.sources.findIndex((source) => source.id === id) !== at;
    const lost = (parts ?? []).filter((part) => !roles.has(part));
    if (twice || lost.length > 0) {
      const text = twice ? `The source ${id} is listed twice.` : `Part ${lost[0]} is not listed.`;
      findings.say("ENERGY_SOURCE_UNKNOWN", where, text);
    }
    // A meter that signs what it says may settle bills whatever protocol it speaks.
    const best = meter_signed ? 0 : (BEST_TIER[kind] ?? 0);
    if ("ABCDE".indexOf(tier.slice(0, 1)) < best) {
      const text = `A source of kind ${kind} is at most tier ${"ABCDE"[best]}; it says ${tier}.`;
      findings.say("ENERGY_SOURCE_TIER", where, text);
    }
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
