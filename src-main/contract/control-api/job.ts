/** Decides how jobs and units are shown: where a unit is in its life, and what came of it. */

import { z } from "zod";

import { holdoutSchema, ownDataSchema } from "./own-job.ts";
import {
  addressSchema,
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  factsSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** Where a unit is in its life, in the order it passes through. */
export const unitPhaseSchema = z.enum([
  "assigned", // the ledger gave it to this machine
  "training", // the worker computes
  "sealed", // the result is committed to, still secret
  "revealed", // the result is open, nobody knows yet what will be checked
  "challenged", // the beacon has drawn the segments to be checked
  "verifying", // the verifier replays them
  "accepted", // both sides opened the same digests
  "paid", // the ledger has paid
  "disputed", // the two sides differ
  "voided", // it ended without pay
]);

/** A unit as it moves: what a progress view draws. */
export const unitProgressSchema = z.strictObject({
  unit: digestSchema,
  job: digestSchema,
  jobName: z.string().max(64),
  /** What its model does: tells samples apart, or foretells the tokens of a text. */
  task: z.enum(["classes", "text"]).default("classes"),
  phase: unitPhaseSchema,
  step: countSchema,
  steps: countSchema,
  /** Steps of this run's window per second; null before two steps are done. */
  stepsPerSecond: z.number().min(0).nullable(),
  /** Of a text in nats a token. */
  loss: z.number().nullable(),
  /** Share of the latest training samples that were answered right; null for a text. */
  accuracy: z.number().min(0).max(1).nullable(),
  /** Estimate of the training time left; null when unknown. */
  trainLeftMs: millisecondsSchema.nullable(),
  segments: countSchema,
  /** Segments the challenge drew; null before the draw. */
  segmentsDrawn: countSchema.nullable(),
  /** Of those, how many the verifier has replayed. */
  segmentsChecked: countSchema,
});

/** Points of one unit's curve: more than a plot is wide on a small screen, 32 KiB as a message. */
export const CURVE_POINTS_MAX = 256;

/** Loss and accuracy of a unit as its training went, by ascending step. */
export const unitCurveSchema = z.strictObject({
  points: z
    .array(
      z.strictObject({
        step: countSchema,
        loss: z.number(),
        accuracy: z.number().min(0).max(1).nullable(),
      }),
    )
    .max(CURVE_POINTS_MAX),
});

/** Who got what. */
export const paymentSchema = z.strictObject({
  to: addressSchema,
  share: z.enum(["worker", "verifiers", "pool"]),
  amountBase: amountBaseSchema,
  /** Minted for a sponsored job; else it comes from the escrow of the job's owner. */
  minted: z.boolean().default(true),
});

/** Percent of something; null when it was not measured. */
const percentSchema = z.number().min(0).nullable();

/** Where the time of a unit went, in percent of its training. */
export const unitCostSchema = z.strictObject({
  /** Time training stood still for hashing, chain and checkpoints. */
  commitPercent: percentSchema,
  /** Time for re-running random elements on the reference engine. */
  spotPercent: percentSchema,
  /** Processor time of the verifier's whole process. */
  verifyPercent: percentSchema,
});

/** A unit that has ended, with everything its last lines say. */
export const unitResultSchema = z.strictObject({
  unit: digestSchema,
  outcome: z.enum(["paid", "voided"]),
  /** Why it was voided; null when paid. */
  code: codeSchema.nullable(),
  facts: factsSchema,
  device: z.string().max(256),
  steps: countSchema,
  stepsPerSecond: z.number().min(0).nullable(),
  holdout: holdoutSchema.nullable(),
  loss: z.number().nullable(),
  segments: countSchema,
  segmentsChecked: countSchema,
  /** True when every segment was replayed. */
  fullReplay: z.boolean(),
  cost: unitCostSchema,
  payments: z.array(paymentSchema).max(64),
  /** Slot of the record whose execution paid or voided the unit. */
  slot: countSchema.nullable(),
  /** The receipt's file, once it is written. */
  receiptFile: z.string().max(4_096).nullable(),
  /** SHA-256 of the blob with the trained state; null where none was kept. */
  modelBlob: digestSchema.nullable().default(null),
  /** Slot of the record that states the root of the trained state. */
  revealSlot: countSchema.nullable().default(null),
});

/** Where a job stands. */
export const jobStateSchema = z.enum(["waiting", "working", "done", "voided"]);

/** One line of `job list`. */
export const jobSummarySchema = z.strictObject({
  job: digestSchema,
  name: z.string().max(64),
  state: jobStateSchema,
  sponsored: z.boolean(),
  createdSlot: countSchema.nullable(),
  priceBase: amountBaseSchema,
  steps: countSchema,
});

/** Everything about one job. */
export const jobDetailSchema = z.strictObject({
  ...jobSummarySchema.shape,
  batchSize: countSchema,
  segmentLength: countSchema,
  datasetRoot: digestSchema,
  programHash: digestSchema,
  specificationHash: digestSchema.nullable(),
  /** The owner's data it trains on; null for a sponsored job. */
  data: ownDataSchema.nullable(),
  progress: unitProgressSchema.nullable(),
  result: unitResultSchema.nullable(),
});

/** A sponsored listing: a job anyone may submit by its name. */
export const listingSchema = z.strictObject({
  name: z.string().max(64),
  priceBase: amountBaseSchema,
  steps: countSchema,
  /** What it trains and on what, in one line. */
  about: z.string().max(256),
});

export type UnitPhase = z.infer<typeof unitPhaseSchema>;
export type UnitProgress = z.infer<typeof unitProgressSchema>;
export type UnitCurve = z.infer<typeof unitCurveSchema>;
export type CurvePoint = UnitCurve["points"][number];
export type UnitResult = z.infer<typeof unitResultSchema>;
export type UnitCost = z.infer<typeof unitCostSchema>;
export type Payment = z.infer<typeof paymentSchema>;
export type JobState = z.infer<typeof jobStateSchema>;
export type JobSummary = z.infer<typeof jobSummarySchema>;
export type JobDetail = z.infer<typeof jobDetailSchema>;
export type Listing = z.infer<typeof listingSchema>;
