/** Decides how energy reports cross the control API: made, listed, shown, and checked. */

import { z } from "zod";

import { energyReportSchema, REPORT_STEPS, REPORT_TEXT_MAX } from "../energy-report.ts";
import { countSchema, digestSchema, millisecondsSchema } from "./scalars.ts";

/** Reports of one answer, newest first. */
const REPORTS_MAX = 200;
/** What a check names: more would not be read, and the first ones tell enough. */
export const CONTRADICTIONS_MAX = 64;
const UNCHECKED_MAX = 16;
const SENTENCE_MAX = 400;

/** Where the time of a report begins and ends: milliseconds, whole steps, UTC. */
export const energyReportParamsSchema = z.strictObject({
  fromMs: z.int().min(0),
  toMs: z.int().min(0),
  stepSeconds: z.literal([...REPORT_STEPS]).default(3_600),
  /** Grid zone; without it the one of the settings. */
  zone: z.string().min(1).max(64).optional(),
});

/** A report of this folder's chain. */
export const keptReportSchema = z.strictObject({
  seq: countSchema,
  report: energyReportSchema,
  /** Hash of what is signed; the next report names it. */
  digest: digestSchema,
  /** Where it lies, relative to the network's folder. */
  file: z.string().max(256),
  /** "62 % of metered kWh matched hourly (self-signed, tier B)". */
  sentence: z.string().max(SENTENCE_MAX),
});

const reportSummarySchema = z.strictObject({
  seq: countSchema,
  digest: digestSchema,
  startMs: millisecondsSchema,
  endMs: millisecondsSchema,
  stepSeconds: z.literal([...REPORT_STEPS]),
  loadWh: countSchema,
  matchedWh: countSchema,
  measuredShare: z.number().min(0).max(1),
  /** Days whose root the ledger has, of those that the report touches. */
  daysAnchored: countSchema,
  days: countSchema,
  sentence: z.string().max(SENTENCE_MAX),
});

/** The chain of this miner's reports. */
export const reportsSchema = z.strictObject({
  /** All there are; the list shows the newest. */
  count: countSchema,
  reports: z.array(reportSummarySchema).max(REPORTS_MAX),
  /** The newest day whose rows are anchored, and what keeps the next one; null: nothing. */
  anchoring: z.strictObject({
    lastDay: z.string().max(10).nullable(),
    lastSlot: countSchema.nullable(),
    waiting: z.strictObject({ code: z.string().max(64), text: z.string().max(400) }).nullable(),
  }),
});

/** What a check found. */
export const reportCheckSchema = z.strictObject({
  /** sound: nothing speaks against it; contradicted: something does; unreadable: no report. */
  verdict: z.enum(["sound", "contradicted", "unreadable"]),
  /** What speaks against it, by permanent codes; `where` is a path into the report. */
  contradictions: z
    .array(
      z.strictObject({
        code: z.string().max(64),
        where: z.string().max(128),
        text: z.string().max(SENTENCE_MAX),
      }),
    )
    .max(CONTRADICTIONS_MAX),
  /** What could not be checked here, and why. */
  unchecked: z
    .array(z.strictObject({ what: z.string().max(128), why: z.string().max(SENTENCE_MAX) }))
    .max(UNCHECKED_MAX),
  /** The report's own sentence; null while it is contradicted or unreadable. */
  sentence: z.string().max(SENTENCE_MAX).nullable(),
  /** The report as it was read; null where it is none. */
  report: energyReportSchema.nullable(),
});

export type KeptReport = z.infer<typeof keptReportSchema>;
export type ReportSummary = z.infer<typeof reportSummarySchema>;
export type Reports = z.infer<typeof reportsSchema>;
export type ReportCheck = z.infer<typeof reportCheckSchema>;

/** Lines of the method table. */
export const ENERGY_REPORT_METHODS = {
  "energy.report": {
    level: "operate",
    about: "Makes the report of a time, signs it and adds it to this miner's chain.",
    params: energyReportParamsSchema,
    result: keptReportSchema,
  },
  "energy.reports": {
    level: "view",
    about: "This miner's reports, newest first, and how far its days are anchored.",
    params: z.strictObject({ limit: z.int().min(1).max(REPORTS_MAX).default(20) }),
    result: reportsSchema,
  },
  "energy.kept-report": {
    level: "view",
    about: "One report of the chain by its number.",
    params: z.strictObject({ seq: countSchema }),
    result: keptReportSchema,
  },
  "energy.check": {
    level: "view",
    about: "Checks a report, anybody's, against itself, the physical bounds and this ledger.",
    params: z.strictObject({ text: z.string().min(1).max(REPORT_TEXT_MAX) }),
    result: reportCheckSchema,
  },
} as const;
