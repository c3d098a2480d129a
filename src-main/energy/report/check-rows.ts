/**
 * Decides whether the intervals of a report are the sums of the rows that it discloses: the load,
 * the own plant, each generator that is told apart, and both ways of a store.
 */

import { REPORT_TIERS } from "../../contract/energy-report.ts";
import type { AnchoredRow, EnergyReport, ReportInterval } from "../../contract/energy-report.ts";
import { seenMs, unseenOf } from "../sources/storage-mix.ts";
import type { Findings } from "./findings.ts";
import { readInstant } from "./report-time.ts";

const ROW_MS = 300_000;
const QUALITIES = ["measured", "modelled", "gap-filled"];
const CLOCKS = ["synchronised", "unsynchronised", "relative"];

/** A figure of an interval and the sources whose rows add up to it. */
interface Figure {
  readonly field: string;
  /** What it is, for people. */
  readonly name: string;
  readonly wh: number;
  readonly of: readonly string[];
}

/**
 * Disclosed rows against the intervals they are part of. A day that shows a row of a source shows
 * all of that source, or whoever chooses what is shown would choose the sum; a time without a row
 * is a gap. Says ENERGY_ROWS_DIFFER, ENERGY_ANCHOR_ROWS, ENERGY_SOURCE_TIER, ENERGY_CLOCK.
 */
export function checkRows(report: EnergyReport, findings: Findings, stepMs: number): void {
  const rows = (report.anchors ?? []).flatMap(({ disclosed = [] }) =>
    disclosed.map(({ row }) => row),
  );
  if (rows.length === 0) {
    findings.skip("the intervals against anchored rows", "the report discloses no rows");
    return;
  }
  checkClock(report, rows, findings);
  checkSourcesOfRows(report, rows, findings);
  const figuresOf = figuresBy(report);
  const rowsAt = rowsByInterval(distinct(rows, findings), stepMs);
  const shown = new Set(rows.map(({ source, start }) => `${start.slice(0, 10)} ${source}`));
  const hidden = new Map<string, Set<string>>();
  report.intervals.forEach((interval, at) => {
    const start = readInstant(interval.start);
    if (start === undefined) return;
    const day = interval.start.slice(0, 10);
    const there = rowsAt.get(start) ?? [];
    for (const figure of figuresOf(interval)) {
      const { field, name, wh, of } = figure;
      if (of.length === 0) continue;
      if (!of.some((source) => shown.has(`${day} ${source}`))) {
        if (wh > 0) hidden.set(name, (hidden.get(name) ?? new Set()).add(day));
        continue;
      }
      const within = there.filter(({ source }) => of.includes(source));
      checkSum(interval, figure, within, `intervals.${at}.${field}`, findings);
      if (field !== "load_wh") continue;
      checkMeasured(interval, within, stepMs * of.length, `intervals.${at}`, findings);
    }
  });
  checkUnseen(report, rowsAt, findings);
  for (const [name, days] of hidden) {
    const why = `of ${days.size} of its days no row of them is shown`;
    findings.skip(`${name} against anchored rows`, why);
  }
}

function checkSum(
  { start }: ReportInterval,
  { field, wh }: Figure,
  rows: readonly AnchoredRow[],
  where: string,
  findings: Findings,
): void {
  const sum = rows.reduce((all, row) => all + row.wh, 0);
  if (sum === wh) return;
  const text = `${field} of ${start} stands for ${wh} Wh; its anchored rows add up to ${sum} Wh.`;
  findings.say("ENERGY_ROWS_DIFFER", where, text);
}

/** What is said to be measured must have been, by the rows. */
function checkMeasured(
  { start, coverage, quality }: ReportInterval,
  rows: readonly AnchoredRow[],
  wholeMs: number,
  where: string,
  findings: Findings,
): void {
  const measuredMs = rows.reduce((sum, { measured_ms }) => sum + measured_ms, 0);
  const most = Math.floor((measuredMs * 10_000) / wholeMs) / 10_000;
  if (coverage > most) {
    const text = `${coverage} of ${start} is said to be covered; its anchored rows cover ${most}.`;
    findings.say("ENERGY_ROWS_DIFFER", `${where}.coverage`, text);
  }
  const worst = Math.max(0, ...rows.map((row) => QUALITIES.indexOf(row.quality)));
  if (QUALITIES.indexOf(quality) >= worst) return;
  const text = `${start} is said to be ${quality}; a row of it is ${QUALITIES[worst]}.`;
  findings.say("ENERGY_ROWS_DIFFER", `${where}.quality`, text);
}

/** What was made while nobody saw what a store took must be left out of the own energy. */
function checkUnseen(
  { sources, intervals }: EnergyReport,
  rowsAt: ReadonlyMap<number, readonly AnchoredRow[]>,
  findings: Findings,
): void {
  const first = new Map<string, number>();
  for (const [, rows] of rowsAt) {
    for (const { source, start } of rows) {
      first.set(source, Math.min(first.get(source) ?? Infinity, readInstant(start) ?? Infinity));
    }
  }
  const ways = sources.filter(({ id, role, direction, parts }) => {
    return role === "storage" && direction === "to" && parts === undefined && first.has(id);
  });
  intervals.forEach(({ start, own_src, own_wh, store }, at) => {
    const startMs = readInstant(start) ?? 0;
    const there = rowsAt.get(startMs) ?? [];
    const seenOf = (id: string): number => {
      const rows = there.filter(({ source }) => source === id);
      const known = rows.map((row) => ({ quality: row.quality, measuredMs: row.measured_ms }));
      return seenMs(known, ROW_MS);
    };
    const plants = sources.find(({ id }) => id === own_src)?.parts ?? [own_src ?? ""];
    const whole = Math.max(...plants.map(seenOf));
    const seen = ways.map(({ id }) => seenOf(id) + Math.max(0, (first.get(id) ?? 0) - startMs));
    const { unseen_wh: unseen = 0 } = store ?? {};
    const least = unseenOf(own_wh + unseen, Math.min(whole, ...seen), whole);
    if (unseen >= least) return;
    const text =
      `${least} Wh of the own energy of ${start} were made while nobody saw what the store took; ` +
      `${unseen} Wh are left out.`;
    findings.say("ENERGY_STORAGE_ORIGIN", `intervals.${at}.own_wh`, text);
  });
}

/** Each row once, and at a time that rows begin at. */
function distinct(rows: readonly AnchoredRow[], findings: Findings): AnchoredRow[] {
  const seen = new Set<string>();
  return rows.filter(({ source, start }) => {
    const key = `${start} ${source}`;
    const ms = readInstant(start);
    const isRow = ms !== undefined && ms % ROW_MS === 0;
    if (isRow && !seen.has(key)) {
      seen.add(key);
      return true;
    }
    const why = isRow ? "is shown twice" : "begins where no row does";
    const text = `The row of ${source} at ${start} ${why}.`;
    findings.say("ENERGY_ANCHOR_ROWS", "anchors", text);
    return false;
  });
}

/** A source is what its rows say that it was then: never better, and in no other role. */
function checkSourcesOfRows(
  { sources }: EnergyReport,
  rows: readonly AnchoredRow[],
  findings: Findings,
): void {
  const said = new Set<string>();
  const places = new Map(sources.map(({ id }, at) => [id, at]));
  for (const { source, start, tier, role } of rows) {
    const at = places.get(source);
    if (at === undefined || said.has(source)) continue;
    const listed = sources[at];
    const isBetter = REPORT_TIERS.indexOf(listed.tier) < REPORT_TIERS.indexOf(tier);
    if (!isBetter && listed.role === role) continue;
    said.add(source);
    const text = `${source} is listed as ${listed.tier}, ${listed.role}; its row at ${start} says `;
    findings.say("ENERGY_SOURCE_TIER", `sources.${at}`, `${text}${tier}, ${role}.`);
  }
}

function checkClock(report: EnergyReport, rows: readonly AnchoredRow[], findings: Findings): void {
  const worst = Math.max(...rows.map(({ clock }) => CLOCKS.indexOf(clock)));
  if (worst <= CLOCKS.indexOf(report.period.clock)) return;
  const said = `The clock is said to be ${report.period.clock}`;
  const text = `${said}; rows of the time say ${CLOCKS[worst]}.`;
  findings.say("ENERGY_CLOCK", "period.clock", text);
}

/** Rows by the begin of the interval that they lie in; steps begin at their own multiples. */
function rowsByInterval(rows: readonly AnchoredRow[], stepMs: number) {
  const found = new Map<number, AnchoredRow[]>();
  for (const row of rows) {
    const ms = readInstant(row.start);
    if (ms === undefined) continue;
    const begin = Math.floor(ms / stepMs) * stepMs;
    const there = found.get(begin);
    if (there === undefined) found.set(begin, [row]);
    else there.push(row);
  }
  return found;
}

function figuresBy({ sources }: EnergyReport): (interval: ReportInterval) => Figure[] {
  const parts = new Map(sources.map(({ id, parts: of }) => [id, of ?? [id]]));
  const ofStore = (way: "from" | "to"): string[] =>
    sources.flatMap(({ id, role, direction, parts: of }) =>
      role === "storage" && direction === way && of === undefined ? [id] : [],
    );
  const [from, to] = [ofStore("from"), ofStore("to")];
  const own = "own energy";
  const store = "what a store took and gave";
  return ({ load_src, load_wh, own_src, own_wh, own_parts = [], store: flow }) => [
    { field: "load_wh", name: "the load", wh: load_wh, of: parts.get(load_src) ?? [] },
    {
      field: "own_wh",
      name: own,
      // What went into a store was made as well.
      wh: own_wh + (flow?.own_in_wh ?? 0) + (flow?.unseen_wh ?? 0),
      of: parts.get(own_src ?? "") ?? [],
    },
    ...own_parts.map(({ id, wh }, at) => {
      return { field: `own_parts.${at}.wh`, name: own, wh, of: [id] };
    }),
    { field: "store.in_wh", name: store, wh: flow?.in_wh ?? 0, of: to },
    { field: "store.out_wh", name: store, wh: flow?.out_wh ?? 0, of: from },
  ];
}
