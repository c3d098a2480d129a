/** `vivian energy report` and `vivian energy reports`: reports made, kept and written to files. */

import { renameSync, writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import type { KeptReport, MethodParams, Reports } from "../../contract/control-api/index.ts";
import { REPORT_STEPS } from "../../contract/energy-report.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { formatCount } from "../../contract/units.ts";
import { canonicalText } from "../../energy/report/index.ts";
import { folderFault } from "../config/data-folder.ts";
import { need } from "./failure.ts";
import { readCount, readWithin } from "./read-number.ts";
import { reportCsv } from "./report-csv.ts";
import { reportPdf } from "./report-pdf.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { table } from "./table.ts";

const readNumber = readWithin("report's number", { least: 0, most: 999_999 });

type Step = (typeof REPORT_STEPS)[number];

interface ReportOptions {
  readonly from?: number;
  readonly until?: number;
  readonly step: Step;
  readonly zone?: string;
  readonly number?: number;
  readonly to: string;
  readonly json?: boolean;
}

const HELP = `
Times are UTC and whole steps. Each report follows the one before it; --number writes one that was
made already. The file's name says its form: .json is the signed report that anybody can check,
.csv its intervals, .pdf a page for people.

Examples:
  vivian energy report --from 2026-11-21 --until 2026-11-22 --to saturday.json
  vivian energy report --from 2026-11-21T06:00Z --until 2026-11-21T18:00Z --step 900 --to day.pdf
  vivian energy report --number 3 --to third.csv`;

/** Adds both verbs under `energy`. */
export function addEnergyReport(energy: Command): void {
  energy
    .command("report")
    .option("--from <time>", "where it begins: 2026-11-21 or 2026-11-21T06:00Z", readReportTime)
    .option("--until <time>", "where it ends, likewise", readReportTime)
    .option("--step <seconds>", "length of an interval: 300, 900, 1800 or 3600", readStep, 3_600)
    .option("--zone <zone>", "grid zone, where it is not the one of the settings")
    .option("--number <n>", "write this report of the chain instead", readNumber)
    .requiredOption("--to <file>", "where it is written: .json, .csv or .pdf", readTarget)
    .option("--json", "answer as JSON")
    .description("make the signed report of a time and write it to a file")
    .addHelpText("after", HELP)
    .action(async (options: ReportOptions, command: Command) => {
      const session = openSession(options);
      const asked = askedOf(options, command);
      const kept = await withDaemon(session, async (client) =>
        "seq" in asked
          ? need(await client.call("energy.kept-report", asked))
          : need(await client.call("energy.report", asked)),
      );
      await writeReport(kept, options.to);
      const { seq, digest, sentence } = kept;
      const { totals } = kept.report;
      answer(session, { seq, digest, sentence, totals, file: resolve(options.to) }, [
        `Report ${seq} is in ${options.to}: ${formatCount(totals.load_wh)} Wh, ${sentence}.`,
      ]);
    });
  energy
    .command("reports")
    .option("--limit <n>", "how many, newest first", readCount, 20)
    .option("--json", "answer as JSON")
    .description("list this miner's reports and how far its days are anchored")
    .action(async (options: { readonly limit: number; readonly json?: boolean }) => {
      const session = openSession(options);
      const { limit } = options;
      const reports = await withDaemon(session, async (client) =>
        need(await client.call("energy.reports", { limit })),
      );
      answer(session, reports, listLines(reports));
    });
}

type Asked = MethodParams<"energy.report"> | { readonly seq: number };

function askedOf({ from, until, step, zone, number }: ReportOptions, command: Command): Asked {
  if (number !== undefined) return { seq: number };
  if (from === undefined || until === undefined) {
    command.error("error: name --from and --until, or --number", { exitCode: 2 });
  }
  const time = { fromMs: from, toMs: until, stepSeconds: step };
  return zone === undefined ? time : { ...time, zone };
}

/** Writes a report whole or not at all. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL. */
async function writeReport(kept: KeptReport, file: string): Promise<void> {
  const bytes = await bytesOf(kept, extname(file));
  const path = resolve(file);
  try {
    writeFileSync(`${path}.new`, bytes, { flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw folderFault(path, error);
  }
}

function bytesOf(kept: KeptReport, form: string): Promise<Uint8Array> | string {
  const { report }: { report: EnergyReport } = kept;
  if (form === ".csv") return reportCsv(report);
  return form === ".pdf" ? reportPdf(kept) : canonicalText(report);
}

function listLines({ count, reports, anchoring }: Reports): string[] {
  if (count === 0) return ["No report yet. Make one: vivian energy report --help"];
  const rows = reports.map((one) => [
    String(one.seq),
    new Date(one.startMs).toISOString().slice(0, 16),
    new Date(one.endMs).toISOString().slice(0, 16),
    `${formatCount(one.loadWh)} Wh`,
    `${one.daysAnchored} of ${one.days}`,
    one.sentence,
  ]);
  const { lastDay, lastSlot, waiting } = anchoring;
  const last = lastDay === null ? "No day is anchored yet." : `Anchored up to ${lastDay}`;
  const slot = lastSlot === null ? "" : `, slot ${formatCount(lastSlot)}.`;
  return [
    ...table(["report", "from (UTC)", "until", "load", "days anchored", "says"], rows),
    `${last}${slot}`,
    ...(waiting === null ? [] : [`Waiting: ${waiting.text} (${waiting.code})`]),
  ];
}

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?Z)?$/;

/** Reads a time of a report in UTC; anything else is a usage error (exit code 2). */
export function readReportTime(text: string): number {
  const ms = TIME.test(text)
    ? Date.parse(text.length === 10 ? `${text}T00:00Z` : text)
    : Number.NaN;
  // The calendar takes 30 February for a day of March.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 16))) return ms;
  throw new InvalidArgumentError("A time is written as 2026-11-21 or 2026-11-21T06:00Z, in UTC.");
}

function readStep(text: string): Step {
  const step = REPORT_STEPS.find((one) => String(one) === text);
  if (step !== undefined) return step;
  throw new InvalidArgumentError("A step is 300, 900, 1800 or 3600 seconds.");
}

function readTarget(text: string): string {
  if ([".json", ".csv", ".pdf"].includes(extname(text))) return text;
  throw new InvalidArgumentError("The file's name ends in .json, .csv or .pdf.");
}
