/**
 * Decides what physics allows: a meter's nameplate times the time, the sun over the declared place,
 * and the least and most energy that a unit's work can have taken.
 */

import type { EnergyReport, ReportInterval, ReportSource } from "../../contract/energy-report.ts";
import type { Span } from "./check-series.ts";
import type { Findings } from "./findings.ts";
import {
  LEAST_PICOJOULES_PER_MAC,
  MILLIJOULES_PER_WH,
  NAMEPLATE_SHARE,
  NIGHT_WH,
  UNKNOWN_LOAD_W,
} from "./limits.ts";
import { readInstant } from "./report-time.ts";
import { mostSunWh } from "./sun-bound.ts";

type Sources = ReadonlyMap<string, ReportSource>;

/** Whole Wh more than a bound says: both ends of an interval are rounded. */
const ROUNDING_WH = 1;

/** Says ENERGY_NAMEPLATE, ENERGY_SUN_NIGHT, ENERGY_SUN_BOUND. */
export function checkIntervalBounds(report: EnergyReport, span: Span, findings: Findings): void {
  const sources: Sources = new Map(report.sources.map((source) => [source.id, source]));
  const { location } = report.subject;
  const solar = report.intervals.some(
    ({ own_src, own_wh }) => own_wh > 0 && isSolar(sources, own_src),
  );
  if (solar && location === undefined) {
    findings.skip("the sun over the generator", "the report does not say where it stands");
  }
  report.intervals.forEach((interval, at) => {
    const fromMs = readInstant(interval.start);
    if (fromMs === undefined) return;
    const where = `intervals.${at}`;
    checkPlate(interval, sources, span.stepMs, where, findings);
    if (location === undefined || !isSolar(sources, interval.own_src)) return;
    const plate = sources.get(interval.own_src ?? "")?.nameplate_w;
    const sun = mostSunWh(location, plate ?? Number.MAX_SAFE_INTEGER, fromMs, fromMs + span.stepMs);
    if (sun === 0 && interval.own_wh > NIGHT_WH) {
      const text =
        `${interval.own_wh} Wh of solar energy at ${interval.start}, when the ` + "sun is down.";
      findings.say("ENERGY_SUN_NIGHT", `${where}.own_wh`, text);
    } else if (plate !== undefined && interval.own_wh > sun + ROUNDING_WH) {
      const text =
        `${interval.own_wh} Wh of solar energy at ${interval.start}; a clear sky gives ` +
        `${plate} W of panels at most ${Math.floor(sun)} Wh.`;
      findings.say("ENERGY_SUN_BOUND", `${where}.own_wh`, text);
    }
  });
}

const isSolar = (sources: Sources, id: string | undefined): boolean =>
  id !== undefined && sources.get(id)?.technology === "solar";

function checkPlate(
  { load_wh, load_src, own_wh, own_src }: ReportInterval,
  sources: Sources,
  stepMs: number,
  where: string,
  findings: Findings,
): void {
  const most = (id: string | undefined, unknown: number): number => {
    const watts = sources.get(id ?? "")?.nameplate_w ?? unknown;
    return (watts * NAMEPLATE_SHARE * stepMs) / 3_600_000 + ROUNDING_WH;
  };
  // A site of unknown size may be anything; a machine may not.
  const loads = [load_wh, most(load_src, UNKNOWN_LOAD_W), load_src, "load_wh"] as const;
  const owns = [own_wh, most(own_src, Number.MAX_SAFE_INTEGER), own_src, "own_wh"] as const;
  for (const [wh, bound, id, field] of [loads, owns]) {
    if (wh <= bound) continue;
    const text =
      `${wh} Wh of ${id ?? "a source"} in ${stepMs / 1_000} s; its nameplate allows ` +
      `${Math.floor(bound)} Wh.`;
    findings.say("ENERGY_NAMEPLATE", `${where}.${field}`, text);
  }
}

/** Says ENERGY_WORK_TIME, ENERGY_WORK_LEAST, ENERGY_WORK_MOST, ENERGY_WORK_LOAD. */
export function checkWork(report: EnergyReport, span: Span, findings: Findings): void {
  const sources: Sources = new Map(report.sources.map((source) => [source.id, source]));
  const ends = new Map<string, number>();
  const sum = new Map<string, number>();
  const work = [...(report.work ?? []).entries()].sort(([, a], [, b]) =>
    a.start < b.start ? -1 : 1,
  );
  for (const [at, unit] of work) {
    const where = `work.${at}`;
    const startMs = readInstant(unit.start);
    const endMs = readInstant(unit.end);
    const outside = startMs === undefined || endMs === undefined || endMs <= startMs;
    if (outside || startMs < span.fromMs || endMs > span.toMs) {
      findings.say("ENERGY_WORK_TIME", where, `${unit.start} to ${unit.end} is not in the period.`);
      continue;
    }
    if (startMs < (ends.get(unit.device) ?? 0)) {
      const text =
        `${unit.device} works at two units at ${unit.start}; its energy would ` + "count twice.";
      findings.say("ENERGY_WORK_TIME", where, text);
    }
    ends.set(unit.device, Math.max(endMs, ends.get(unit.device) ?? 0));
    sum.set(unit.source, (sum.get(unit.source) ?? 0) + unit.energy_mj);
    const least = (Number(unit.macs) * LEAST_PICOJOULES_PER_MAC[unit.chip_class]) / 1e9;
    if (unit.energy_mj < least) {
      const perStep = unit.energy_mj / 1_000 / unit.steps;
      const floor = least / 1_000 / unit.steps;
      const text =
        `${perStep.toPrecision(3)} J a step on ${unit.chip}; no ${unit.chip_class} does that ` +
        `work below ${floor.toPrecision(3)} J.`;
      findings.say("ENERGY_WORK_LEAST", `${where}.energy_mj`, text);
    }
    const watts = sources.get(unit.source)?.nameplate_w ?? UNKNOWN_LOAD_W;
    const most = watts * NAMEPLATE_SHARE * (endMs - startMs);
    if (unit.energy_mj > most) {
      const text =
        `${unit.energy_mj} mJ in ${endMs - startMs} ms; ${watts} W allow ${Math.floor(most)} ` +
        "mJ.";
      findings.say("ENERGY_WORK_MOST", `${where}.energy_mj`, text);
    }
  }
  checkWorkInLoad(report, sum, findings);
}

/** Units rest on the load's own source: together they cannot have taken more than all of it. */
function checkWorkInLoad(
  report: EnergyReport,
  sum: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  for (const [id, millijoules] of sum) {
    const intervals = report.intervals.filter(({ load_src }) => load_src === id);
    if (intervals.length === 0) continue;
    const load = intervals.reduce((all, { load_wh }) => all + load_wh, 0);
    // What a gap hides may have been work.
    if (intervals.some(({ coverage }) => coverage < 1)) continue;
    if (millijoules <= (load + ROUNDING_WH) * MILLIJOULES_PER_WH) continue;
    const text = `The units took ${millijoules} mJ of ${id}, which counted ${load} Wh in all.`;
    findings.say("ENERGY_WORK_LOAD", "work", text);
  }
}
