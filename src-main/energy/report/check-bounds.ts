/**
 * Decides what physics allows: a meter's nameplate times the time, the sun over the declared place,
 * and the least and most energy that a unit's work can have taken.
 */

import { REPORT_TIERS } from "../../contract/energy-report.ts";
import type {
  EnergyReport,
  ReportInterval,
  ReportSource,
  ReportWork,
} from "../../contract/energy-report.ts";
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

/**
 * Says ENERGY_NAMEPLATE, ENERGY_SUN_NIGHT, ENERGY_SUN_BOUND; of a mixed sum's parts ENERGY_TOTALS
 * and ENERGY_SOURCE_UNKNOWN.
 */
export function checkIntervalBounds(report: EnergyReport, span: Span, findings: Findings): void {
  const sources: Sources = new Map(report.sources.map((source) => [source.id, source]));
  const { location } = report.subject;
  const solar = report.intervals.some((interval) =>
    solarParts(interval, sources).some(({ wh }) => wh > 0),
  );
  if (solar && location === undefined) {
    findings.skip("the sun over the generator", "the report does not say where it stands");
  }
  if (report.intervals.some((interval) => isNameless(interval, sources))) {
    findings.skip("the sun over the own plant", "the report does not say what it runs on");
  }
  if (report.intervals.some((interval) => isUntold(interval, sources))) {
    findings.skip("the sun's part of a mixed sum", "the report does not tell it apart");
  }
  report.intervals.forEach((interval, at) => {
    const fromMs = readInstant(interval.start);
    if (fromMs === undefined) return;
    const where = `intervals.${at}`;
    checkPlate(interval, sources, span.stepMs, where, findings);
    checkParts(interval, sources, where, findings);
    if (location === undefined) return;
    for (const { id, wh, field } of solarParts(interval, sources)) {
      const plate = sources.get(id)?.nameplate_w;
      const watts = plate ?? Number.MAX_SAFE_INTEGER;
      const sun = mostSunWh(location, watts, fromMs, fromMs + span.stepMs);
      const said = `${wh} Wh of solar energy of ${id} at ${interval.start}`;
      if (sun === 0 && wh > NIGHT_WH) {
        findings.say("ENERGY_SUN_NIGHT", `${where}.${field}`, `${said}, when the sun is down.`);
      } else if (plate !== undefined && wh > sun + ROUNDING_WH) {
        const most = Math.floor(sun);
        const text = `${said}; a clear sky gives ${plate} W of panels at most ${most} Wh.`;
        findings.say("ENERGY_SUN_BOUND", `${where}.${field}`, text);
      }
    }
  });
}

/** What the own plant made, what went into a store included. */
const generatedWh = ({ own_wh, store }: ReportInterval): number =>
  own_wh + (store?.own_in_wh ?? 0) + (store?.unseen_wh ?? 0);

/** What is said to come from the sun: all of a plant that is, or each such part of a sum. */
function solarParts(interval: ReportInterval, sources: Sources) {
  const { own_src, own_parts } = interval;
  const isSolar = (id: string): boolean => sources.get(id)?.technology === "solar";
  if (own_parts === undefined) {
    const wh = generatedWh(interval);
    return own_src === undefined || !isSolar(own_src) ? [] : [{ id: own_src, wh, field: "own_wh" }];
  }
  return own_parts.flatMap(({ id, wh }, at) =>
    isSolar(id) ? [{ id, wh, field: `own_parts.${at}.wh` }] : [],
  );
}

/** Whether own energy has no word on what made it. */
function isNameless({ own_src, own_wh }: ReportInterval, sources: Sources): boolean {
  const source = sources.get(own_src ?? "");
  const of = source?.parts ?? [own_src ?? ""];
  if (own_wh === 0 || source?.technology !== undefined) return false;
  return of.some((id) => sources.get(id)?.technology === undefined);
}

/** Whether panels are in a sum that does not say what they made. */
function isUntold(interval: ReportInterval, sources: Sources): boolean {
  const { own_src, own_parts } = interval;
  const sum = sources.get(own_src ?? "");
  if (own_parts !== undefined || sum?.technology === "solar" || generatedWh(interval) === 0) {
    return false;
  }
  return sum?.parts?.some((id) => sources.get(id)?.technology === "solar") ?? false;
}

/** Parts are those of the sum, each once, and add up to it. */
function checkParts(
  interval: ReportInterval,
  sources: Sources,
  where: string,
  findings: Findings,
): void {
  const { own_src, own_parts } = interval;
  if (own_parts === undefined) return;
  const of = sources.get(own_src ?? "")?.parts ?? [];
  const ids = own_parts.map(({ id }) => id);
  const whole = ids.length === of.length && of.every((id) => ids.includes(id));
  if (!whole) {
    const text = `The parts of ${own_src ?? "the own energy"} are not those that it is a sum of.`;
    findings.say("ENERGY_SOURCE_UNKNOWN", `${where}.own_parts`, text);
  }
  const sum = own_parts.reduce((all, { wh }) => all + wh, 0);
  if (sum === generatedWh(interval)) return;
  const text = `The own plant made ${generatedWh(interval)} Wh; its parts add up to ${sum} Wh.`;
  findings.say("ENERGY_TOTALS", `${where}.own_parts`, text);
}

function checkPlate(
  interval: ReportInterval,
  sources: Sources,
  stepMs: number,
  where: string,
  findings: Findings,
): void {
  const most = (id: string | undefined, unknown: number): number => {
    const watts = sources.get(id ?? "")?.nameplate_w ?? unknown;
    return (watts * NAMEPLATE_SHARE * stepMs) / 3_600_000 + ROUNDING_WH;
  };
  const { load_wh, load_src, own_src } = interval;
  const own = generatedWh(interval);
  // A site of unknown size may be anything; a machine may not.
  const loads = [load_wh, most(load_src, UNKNOWN_LOAD_W), load_src, "load_wh"] as const;
  const owns = [own, most(own_src, Number.MAX_SAFE_INTEGER), own_src, "own_wh"] as const;
  for (const [wh, bound, id, field] of [loads, owns]) {
    if (wh <= bound) continue;
    const text =
      `${wh} Wh of ${id ?? "a source"} in ${stepMs / 1_000} s; its nameplate allows ` +
      `${Math.floor(bound)} Wh.`;
    findings.say("ENERGY_NAMEPLATE", `${where}.${field}`, text);
  }
}

/**
 * Says ENERGY_WORK_TIME, ENERGY_WORK_LEAST, ENERGY_WORK_MOST, ENERGY_WORK_LOAD; of the source that
 * a unit rests on ENERGY_SOURCE_UNKNOWN and ENERGY_SOURCE_TIER.
 */
export function checkWork(report: EnergyReport, span: Span, findings: Findings): void {
  const sources: Sources = new Map(report.sources.map((source) => [source.id, source]));
  const sum = new Map<string, number>();
  const trainings: Training[] = [];
  const seen = new Set<string>();
  (report.work ?? []).forEach((unit, at) => {
    const where = `work.${at}`;
    checkWorkSource(unit, sources, where, findings);
    const times = timesOf(unit);
    const isWithin = times.every(
      ({ fromMs, toMs }) => fromMs >= span.fromMs && toMs <= span.toMs && toMs > fromMs,
    );
    if (!isWithin || seen.has(unit.unit)) {
      const why = isWithin ? "is listed a second time" : "is not in the period";
      const text = `Unit ${unit.unit.slice(0, 8)} from ${unit.start} to ${unit.end} ${why}.`;
      findings.say("ENERGY_WORK_TIME", where, text);
      return;
    }
    seen.add(unit.unit);
    trainings.push(...times.map((one) => ({ ...one, device: unit.device, where })));
    sum.set(unit.source, (sum.get(unit.source) ?? 0) + unit.energy_mj);
    const trainedMs = times.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);
    checkEnergy(unit, sources, trainedMs, where, findings);
  });
  checkApart(trainings, findings);
  checkWorkInLoad(report, sum, findings);
}

/** A time that a unit was worked at. */
interface Training {
  readonly fromMs: number;
  readonly toMs: number;
  readonly device: string;
  readonly where: string;
}

/** When a unit was trained; its first and last moment are those of the unit, or there is none. */
function timesOf({ start, end, trainings = [{ start, end }] }: ReportWork) {
  const isWhole = trainings[0].start === start && trainings[trainings.length - 1].end === end;
  return (isWhole ? trainings : [{ start: "", end: "" }]).map((one) => ({
    fromMs: readInstant(one.start) ?? Number.NaN,
    toMs: readInstant(one.end) ?? Number.NaN,
  }));
}

/** A device works at one thing at a time. */
function checkApart(trainings: readonly Training[], findings: Findings): void {
  const ends = new Map<string, number>();
  const inOrder = [...trainings].sort((one, other) => one.fromMs - other.fromMs);
  for (const { device, fromMs, toMs, where } of inOrder) {
    if (fromMs < (ends.get(device) ?? 0)) {
      const at = new Date(fromMs).toISOString();
      const text = `${device} works at two units at ${at}; its energy would count twice.`;
      findings.say("ENERGY_WORK_TIME", where, text);
    }
    ends.set(device, Math.max(toMs, ends.get(device) ?? 0));
  }
}

/** No less than the work takes on any such chip, no more than the source's nameplate gives. */
function checkEnergy(
  unit: ReportWork,
  sources: Sources,
  trainedMs: number,
  where: string,
  findings: Findings,
): void {
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
  const most = watts * NAMEPLATE_SHARE * trainedMs;
  if (unit.energy_mj <= most) return;
  const text =
    `${unit.energy_mj} mJ in ${trainedMs} ms; ${watts} W allow ${Math.floor(most)} ` + "mJ.";
  findings.say("ENERGY_WORK_MOST", `${where}.energy_mj`, text);
}

/** A unit's energy is no better than who measured it. */
function checkWorkSource(
  { source: id, tier }: ReportWork,
  sources: Sources,
  where: string,
  findings: Findings,
): void {
  const source = sources.get(id);
  if (source?.role !== "load") {
    findings.say("ENERGY_SOURCE_UNKNOWN", where, `No source ${id} with the role load is listed.`);
  } else if (REPORT_TIERS.indexOf(tier) < REPORT_TIERS.indexOf(source.tier)) {
    const text = `The unit's energy is said to be ${tier}; its source ${id} is ${source.tier}.`;
    findings.say("ENERGY_SOURCE_TIER", where, text);
  }
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
