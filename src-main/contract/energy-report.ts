/**
 * Decides what an energy report looks like: `energy-report/1`, every object closed, every list and
 * text with a named limit. Energy is whole Wh; a figure that may have a fraction has a stated
 * number of decimals, so that whoever recomputes it meets the same digits. What goes beyond the
 * published schema stands in optional parts:
 * `subject.location`; `nameplate_w`, `technology`, `direction` and `parts` of a source;
 * `register_reset`, `own_parts` and `store` of an interval; `claim_slots` of an instrument;
 * `storage`, `former`, `work` (with `trainings` of a unit) and `anchors`.
 */

import { z } from "zod";

import { accept, reject } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";

/** Generators whose parts of an own sum are told apart. */
export const REPORT_GENERATORS_MAX = 8;
/** Intervals of one report: a quarter by the hour, a week by five minutes; about 700 KB. */
export const REPORT_INTERVALS_MAX = 2_208;
/** Meters and signals of one miner. */
export const REPORT_SOURCES_MAX = 64;
/** Certificates and contracts that one report leans on, and ids of each. */
export const REPORT_INSTRUMENTS_MAX = 64;
export const REPORT_CERTIFICATES_MAX = 256;
/** Units of the period; a longer time shows its newest. */
export const REPORT_WORK_MAX = 512;
/** Times that one unit is taken up again; one that was more often is left out. */
export const REPORT_TRAININGS_MAX = 32;
/** Changes of the key that a chain remembers; older ones are forgotten. */
export const REPORT_FORMER_MAX = 16;
/** Days that a report names the ledger's roots of. */
export const REPORT_ANCHORS_MAX = 93;
/** Leaves of one day's tree: fourteen meters in rows of five minutes, and the key's leaf. */
export const REPORT_LEAVES_MAX = 4_096;
/** Rows that one report discloses: a load and a generation meter over one day, with room. */
export const REPORT_DISCLOSED_MAX = 600;
/** And of a store both ways, where the report is no longer than such a day itself. */
export const REPORT_DISCLOSED_STORE_MAX = 1_200;
/** Hashes of a path in a day's tree. */
export const REPORT_PATH_MAX = 24;
/** Signatures of one report: the miner, its meters, a verifier. */
export const REPORT_SIGNATURES_MAX = 8;
/** Characters of a report that is read: fits one message of the control API with its escapes. */
export const REPORT_TEXT_MAX = 800_000;
/** Names, ids, makes and models. */
const WORD_MAX = 128;
/** Largest energy of one figure: a gigawatt for a year in Wh. */
const WH_MAX = 8_760_000_000_000;

/** A number with at most so many decimals; a longer one could not be recomputed exactly. */
function decimals(places: number, least: number, most: number): z.ZodNumber {
  const scale = 10 ** places;
  return z
    .number()
    .min(least)
    .max(most)
    .refine((value) => Math.round(value * scale) / scale === value, {
      message: `has more than ${places} decimals`,
    });
}

const word = z.string().min(1).max(WORD_MAX);
const wh = z.int().min(0).max(WH_MAX);
const share = decimals(4, 0, 1);
/** Grams a kilowatt-hour. */
const intensity = decimals(3, 0, 10_000);
const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
/** Ed25519 public key or signature. */
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
/** UTC, whole seconds or milliseconds; whether the day exists is the verifier's to say. */
const instant = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/);
const moment = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/);
const day = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);

/** How good a figure is, best first. */
export const REPORT_TIERS = [
  "A-revenue",
  "B-metered",
  "C-sensor",
  "D-model",
  "E-declared",
] as const;

const boundary = z.enum(["accelerators", "host-dc", "wall", "site-meter"]);

const subjectSchema = z.strictObject({
  /** The account that the daily roots are anchored by. */
  miner_id: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  site_id: word.optional(),
  zone: word.optional(),
  boundary,
  /** Tenths of a degree (about 11 km): enough for the sun, too little for a door. */
  location: z
    .strictObject({ latitude: decimals(1, -90, 90), longitude: decimals(1, -180, 180) })
    .optional(),
  software: z.strictObject({ name: word, version: word, build: hash }),
});

/** Lengths of an interval that a report may have, in seconds. */
export const REPORT_STEPS = [300, 900, 1_800, 3_600] as const;
const clock = z.enum(["synchronised", "unsynchronised", "relative"]);

const periodSchema = z.strictObject({
  start: instant,
  end: instant,
  step_s: z.literal([...REPORT_STEPS]),
  clock,
});

const sourceSchema = z.strictObject({
  id: word,
  role: z.enum(["load", "generation", "storage", "grid-signal"]),
  kind: z.enum([
    "revenue-meter",
    "sunspec-meter",
    "smart-plug",
    "nvml-energy",
    "amdsmi-energy",
    "hwmon-energy",
    "rapl",
    "windows-emi",
    "ioreport",
    "powermetrics",
    "power-sampled",
    "tdp-model",
    "ha-sensor",
    "declared",
    "electricitymaps",
    "watttime",
    "uk-carbon-intensity",
    "static-table",
  ]),
  tier: z.enum(REPORT_TIERS),
  make_model: word.optional(),
  serial_hash: hash.optional(),
  calibration: word.optional(),
  uncertainty_pct: decimals(2, 0, 1_000),
  meter_signed: z.boolean(),
  /** Most watts by its nameplate: no interval may hold more. */
  nameplate_w: z.int().min(1).max(1_000_000_000).optional(),
  /** What a generator runs on; "solar" is held against the sun. */
  technology: z.enum(["solar", "wind", "hydro", "other"]).optional(),
  /** Which way a storage source counts: what the store gives ("from") or takes ("to"). */
  direction: z.enum(["from", "to"]).optional(),
  /** This source is the sum of these, each listed for itself. */
  parts: z.array(word).min(2).max(REPORT_SOURCES_MAX).optional(),
  dataset: word.optional(),
  licence: word.optional(),
});

const intervalSchema = z.strictObject({
  start: instant,
  load_wh: wh,
  load_src: word,
  register_end_wh: wh.optional(),
  /** The register began anew within the interval; only then may it be lower than before. */
  register_reset: z.literal(true).optional(),
  coverage: share,
  quality: z.enum(["measured", "modelled", "gap-filled"]),
  /** Made by the own plant, less what of it went into a store. */
  own_wh: wh,
  own_src: word.optional(),
  /** What each generator of a mixed sum made, what went into a store included. */
  own_parts: z
    .array(z.strictObject({ id: word, wh }))
    .min(2)
    .max(REPORT_GENERATORS_MAX)
    .optional(),
  /** Given back by a store out of what the own plant had put in. */
  storage_wh: wh,
  /**
   * What a store took, of it out of what the own plant made then, what it gave; and what was made
   * while nobody saw what it took, which is neither own energy of the time nor stored.
   */
  store: z
    .strictObject({ in_wh: wh, own_in_wh: wh, out_wh: wh, unseen_wh: wh.optional() })
    .optional(),
  gc_wh: wh,
  grid_g_per_kwh: intensity.nullable().optional(),
  grid_cfe: share.nullable().optional(),
  grid_src: word.optional(),
  grid_estimated: z.boolean().optional(),
  marginal_g_per_kwh: intensity.nullable().optional(),
  residual_g_per_kwh: intensity.nullable().optional(),
});

const instrumentSchema = z.strictObject({
  type: z.enum(["GC", "GO", "REC", "I-REC", "PPA", "tariff"]),
  registry: word,
  ids: z.array(word).max(REPORT_CERTIFICATES_MAX),
  volume_wh: wh,
  gen_start: instant,
  gen_end: instant,
  technology: word.optional(),
  production_device: word,
  zone: word,
  cancelled_at: instant,
  beneficiary: word,
  evidence: hash.optional(),
  /** Slots of the ledger in which `ids` were claimed, in the same order. */
  claim_slots: z.array(z.int().min(0)).max(REPORT_CERTIFICATES_MAX).optional(),
});

const totalsSchema = z.strictObject({
  load_wh: wh,
  measured_share: share,
  matched_wh: wh,
  hourly_match: share,
  cfe_score: share.nullable().optional(),
  location_g: decimals(3, 0, Number.MAX_SAFE_INTEGER).nullable().optional(),
  market_g: decimals(3, 0, Number.MAX_SAFE_INTEGER).nullable().optional(),
  uncertainty_pct: decimals(2, 0, 1_000).optional(),
});

/** Classes of chips that a least energy of an operation is known for. */
export const CHIP_CLASSES = ["cpu", "gpu", "tpu", "npu", "other"] as const;

/** A unit of this miner in the period. */
const workSchema = z.strictObject({
  unit: hex32,
  job: hex32,
  device: word,
  chip: word,
  chip_class: z.enum(CHIP_CLASSES),
  /** The source its energy rests on. */
  source: word,
  steps: z.int().min(1).max(100_000_000),
  /** Multiply-adds of the whole unit; bounded by the price that the ledger knows. */
  macs: z.string().regex(/^(0|[1-9][0-9]{0,30})$/),
  energy_mj: z.int().min(0),
  tier: z.enum(REPORT_TIERS),
  start: moment,
  end: moment,
  /** Where it was trained more than once: each time, in order; the energy is theirs together. */
  trainings: z
    .array(z.strictObject({ start: moment, end: moment }))
    .min(2)
    .max(REPORT_TRAININGS_MAX)
    .optional(),
  /** Slots of the ledger: the job, the worker's reveal, the worker's statement of the energy. */
  job_slot: z.int().min(0).optional(),
  reveal_slot: z.int().min(0).optional(),
  energy_slot: z.int().min(0).optional(),
});

/** A row of the account's own book, as it went into the day's tree. */
export const anchoredRowSchema = z.strictObject({
  source: word,
  role: z.enum(["load", "generation", "storage"]),
  start: instant,
  length_s: z.literal([300]),
  /** Whole millijoules of the row; beside a gap only what was measured. */
  energy_mj: z.int().min(0),
  /** Whole Wh of the row; those of an interval's rows add up to the interval's. */
  wh,
  measured_ms: z.int().min(0).max(300_000),
  quality: z.enum(["measured", "modelled", "gap-filled"]),
  register_end_mj: z.int().min(0).nullable(),
  tier: z.enum(REPORT_TIERS),
  clock,
});

/** Says which key signs an account's reports; leaf 0 of each anchored day. */
export const keyStatementSchema = z.strictObject({
  schema: z.literal("energy-key/1"),
  genesis: hex32,
  account: z.string().regex(/^0x[0-9a-f]{40}$/),
  alg: z.literal("Ed25519"),
  kid: key,
});

/** The key before states which one follows it, from a report of the chain on. */
export const keyChangeSchema = z.strictObject({
  from: keyStatementSchema,
  to: keyStatementSchema,
  /** The first report that the new key signs, and the one before it. */
  seq: z.int().min(1),
  prev: hash,
  /** By the key before, over the canonical form of the rest and of its schema's name. */
  sig: signature,
});

/** What was in the store when the report's time began, and what it holds when full. */
const storageSchema = z.strictObject({
  begin_own_wh: wh,
  begin_other_wh: wh,
  capacity_wh: z.int().min(1).max(WH_MAX).optional(),
});

const anchorSchema = z.strictObject({
  day,
  /** Slot of the anchoring record, once it is final. */
  slot: z.int().min(0).nullable(),
  root: hex32,
  /** Rows under the root; the tree has one leaf more, the key's. */
  rows: z.int().min(1).max(1_000_000),
  key: keyStatementSchema,
  /** From leaf 0 to the root. */
  key_path: z.array(hex32).max(REPORT_PATH_MAX),
  /** All leaf hashes of the day, where rows are disclosed. */
  leaves: z.array(hex32).max(REPORT_LEAVES_MAX).optional(),
  disclosed: z
    .array(
      z.strictObject({
        /** Place among the leaves; 0 is the key's. */
        index: z.int().min(1).max(1_000_000),
        /** 16 bytes. */
        salt: z.string().regex(/^[0-9a-f]{32}$/),
        row: anchoredRowSchema,
      }),
    )
    .max(REPORT_DISCLOSED_STORE_MAX)
    .optional(),
});

/** One signature over the canonical form of everything but `signatures`. */
const signatureSchema = z.strictObject({
  role: z.enum(["miner", "meter", "verifier"]),
  alg: z.enum(["Ed25519", "ES256"]),
  /** The public key itself, base64url. */
  kid: z.string().regex(/^[A-Za-z0-9_-]{43,88}$/),
  sig: signature,
});

/** A whole report. */
export const energyReportSchema = z.strictObject({
  schema: z.literal("energy-report/1"),
  report_id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  seq: z.int().min(0),
  /** Hash of the signed part of the report before; null for the first of a miner. */
  prev: hash.nullable(),
  /** The keys that signed the chain's earlier reports, each handing over to the next. */
  former: z.array(keyChangeSchema).min(1).max(REPORT_FORMER_MAX).optional(),
  subject: subjectSchema,
  period: periodSchema,
  sources: z.array(sourceSchema).max(REPORT_SOURCES_MAX),
  intervals: z.array(intervalSchema).min(1).max(REPORT_INTERVALS_MAX),
  instruments: z.array(instrumentSchema).max(REPORT_INSTRUMENTS_MAX),
  own_attributes: z.enum(["retained", "sold", "unknown", "none"]).optional(),
  storage: storageSchema.optional(),
  work: z.array(workSchema).max(REPORT_WORK_MAX).optional(),
  anchors: z.array(anchorSchema).max(REPORT_ANCHORS_MAX).optional(),
  totals: totalsSchema,
  assurance: z.enum(["self-signed", "meter-signed", "third-party-verified"]),
  signatures: z.array(signatureSchema).min(1).max(REPORT_SIGNATURES_MAX),
});

export type EnergyReport = z.infer<typeof energyReportSchema>;
export type ReportSource = EnergyReport["sources"][number];
export type ReportInterval = EnergyReport["intervals"][number];
export type ReportInstrument = EnergyReport["instruments"][number];
export type ReportTotals = EnergyReport["totals"];
export type ReportWork = NonNullable<EnergyReport["work"]>[number];
export type ReportAnchor = NonNullable<EnergyReport["anchors"]>[number];
export type ReportTier = (typeof REPORT_TIERS)[number];
export type AnchoredRow = z.infer<typeof anchoredRowSchema>;
export type KeyStatement = z.infer<typeof keyStatementSchema>;
export type KeyChange = z.infer<typeof keyChangeSchema>;

/** Reads a report that is JSON already; rejects ENERGY_REPORT_FORM with the first wrong field. */
export function checkReportForm(value: unknown): Outcome<EnergyReport> {
  const parsed = energyReportSchema.safeParse(value);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  const field = issue.path.map(String).join(".") || "(whole)";
  return reject("ENERGY_REPORT_FORM", { field, problem: issue.message });
}

/** The weakest tier that a report's load, and what is matched with it, rests on. */
export function weakestTier(report: EnergyReport): ReportTier {
  const used = new Set<string>();
  for (const interval of report.intervals) {
    used.add(interval.load_src);
    if (interval.own_src !== undefined && interval.own_wh > 0) used.add(interval.own_src);
    if (interval.storage_wh === 0) continue;
    // What a store gives back rests on both its ways and on what the own plant had made.
    for (const { id, role } of report.sources) {
      if (role === "storage" || role === "generation") used.add(id);
    }
  }
  const tiers = report.sources.filter(({ id }) => used.has(id)).map(({ tier }) => tier);
  const weakest = Math.max(...tiers.map((tier) => REPORT_TIERS.indexOf(tier)));
  return REPORT_TIERS[weakest] ?? "E-declared";
}

/** What is said of a report: "62 % of metered kWh matched hourly (self-signed, tier B)". */
export function matchSentence(report: EnergyReport): string {
  const tier = weakestTier(report);
  const kind = tier === "D-model" ? "modelled" : tier === "E-declared" ? "declared" : "metered";
  // Rounded down: a report never claims more than it has.
  const percent = Math.floor(Math.round(report.totals.hourly_match * 10_000) / 100);
  const said = `${percent} % of ${kind} kWh matched hourly`;
  return `${said} (${report.assurance}, tier ${tier.slice(0, 1)})`;
}
