/**
 * Decides how a job on the owner's own data is quoted, and how its trained weights are handed out.
 * A quote comes before any charge: it says what the data is, what will be trained, and the price.
 */

import { z } from "zod";

import { amountBaseSchema, countSchema, digestSchema, millisecondsSchema } from "./scalars.ts";
import { walletNameSchema } from "./spend.ts";

/** Longest path of a file or folder. */
export const PATH_CHARACTERS_MAX = 4_096;

/** Columns of a table; they stand in a file, as they would not fit into a message. */
export const COLUMNS_MAX = 4_096;

/** Longest text of a model description that crosses the socket. */
const MODEL_CHARACTERS_MAX = 65_536;

/** A label as the data names it. */
const classNameSchema = z.string().max(256);

/** What a data set of the owner's holds. */
export const ownDataSchema = z.strictObject({
  name: z.string().max(64),
  kind: z.enum(["images", "table"]),
  /** Of an image; a table row is 1 × 1 with a channel for each column. */
  height: countSchema,
  width: countSchema,
  channels: countSchema,
  /** By number; empty where the data does not name them. */
  classNames: z.array(classNameSchema).max(256),
  classes: countSchema,
  trainCount: countSchema,
  holdoutCount: countSchema,
  /** One line: what was found and how it was split. */
  note: z.string().max(1_024),
});

/** How a column of a table was standardised: (value − mean) / deviation, 0 where that is 0. */
const columnSchema = z.strictObject({
  name: z.string().max(256),
  mean: z.number(),
  deviation: z.number(),
});

/** A data set that is kept here: which blob holds it, and what it is. */
export const keptDataSetSchema = z.strictObject({
  root: digestSchema,
  blob: digestSchema,
  data: ownDataSchema,
  /** Of a table; what a new row must go through before the model can read it. */
  columns: z.array(columnSchema).max(COLUMNS_MAX),
});

/** Why the number of steps is what it is. */
export const stepsRuleSchema = z.enum([
  "asked", // the owner named steps or epochs
  "epochs", // five passes over the training data
  "least", // five passes would be too few steps to learn from, so there are more
  "time", // five passes would take longer than ten minutes here, so there are fewer
]);

/** What a job on own data would be, and cost. */
export const quoteSchema = z.strictObject({
  /** Names the quote when it is ordered; it is forgotten when the daemon ends. */
  quote: digestSchema,
  data: ownDataSchema,
  /** The model in words, and whether it was chosen here or brought by the owner. */
  model: z.string().max(512),
  modelChosen: z.boolean(),
  steps: countSchema,
  stepsRule: stepsRuleSchema,
  batchSize: countSchema,
  /** About how long the training takes here. */
  trainMs: millisecondsSchema,
  priceBase: amountBaseSchema,
  /** Most that the record of the order costs beside the price. */
  feeBase: amountBaseSchema,
  /** The wallet that is to pay; null for the owner's account. */
  wallet: walletNameSchema.nullable(),
  /** What the paying account holds. */
  balanceBase: amountBaseSchema,
  /** How the result will be checked: segments drawn after it is published. */
  proof: z.strictObject({
    segments: countSchema,
    sampled: countSchema,
    /** Of a thousand units, how many are recomputed whole. */
    fullPermille: countSchema,
  }),
  valueNote: z.string().max(64),
});

/** What is asked for: data, and how long to train which model on it. */
export const quoteParamsSchema = z.strictObject({
  /** Absolute path of a file or folder. */
  data: z.string().min(1).max(PATH_CHARACTERS_MAX),
  steps: z.int().min(1).max(100_000_000).nullable().default(null),
  epochs: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Text of a model description; null leaves the choice to the daemon. */
  model: z.string().max(MODEL_CHARACTERS_MAX).nullable().default(null),
  /** Name of the wallet that is to pay; null for the owner's account. */
  wallet: walletNameSchema.nullable().default(null),
});

/** A file of the daemon's that the caller may read, and what it must hold. */
const heldReceiptSchema = z.strictObject({
  slot: countSchema,
  file: z.string().max(PATH_CHARACTERS_MAX),
});

/** The trained weights of a job, with what proves them. */
export const weightsSchema = z.strictObject({
  job: digestSchema,
  unit: digestSchema,
  name: z.string().max(64),
  /** File with the state bytes, and their SHA-256. */
  file: z.string().max(PATH_CHARACTERS_MAX),
  sha256: digestSchema,
  /** Root of the state, as the reveal record states it. */
  endRoot: digestSchema,
  /** Canonical text of the model and of its optimizer. */
  model: z.string().max(MODEL_CHARACTERS_MAX),
  specificationHash: digestSchema,
  datasetRoot: digestSchema,
  data: ownDataSchema.nullable(),
  /** File that says how the data was read (`KeptDataSet`); null for a sponsored job. */
  dataFile: z.string().max(PATH_CHARACTERS_MAX).nullable(),
  steps: countSchema,
  holdout: z.strictObject({ correct: countSchema, total: countSchema }).nullable(),
  /** The record that made the end root public; null when it is not known any more. */
  reveal: heldReceiptSchema.nullable(),
  /** The record whose execution accepted and paid the unit. */
  paid: heldReceiptSchema,
});

export type OwnData = z.infer<typeof ownDataSchema>;
export type KeptDataSet = z.infer<typeof keptDataSetSchema>;
export type StepsRule = z.infer<typeof stepsRuleSchema>;
export type Quote = z.infer<typeof quoteSchema>;
export type QuoteParams = z.output<typeof quoteParamsSchema>;
export type Weights = z.infer<typeof weightsSchema>;
