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

/** Kinds of tokens that have names or numbers: more than the import of a text ever makes. */
export const VOCABULARY_MAX = 4_096;

/** Shortest and longest block of a text: attention takes its length's square. */
export const CONTEXT_MIN = 8;
export const CONTEXT_MAX = 1_024;

/**
 * Largest network for a text that is asked for by its size: with an optimizer's two moments its
 * state is half of what a verifier takes.
 */
export const TEXT_LAYERS_MAX = 12;
export const TEXT_WIDTH_MAX = 512;

/** A network's width is heads of 32, or of 16. */
export const TEXT_WIDTH_STEP = 16;

/** What a token of a text is: a byte, a character, or a piece of a word as GPT cuts them. */
export const textTokensSchema = z.enum(["bytes", "characters", "gpt"]);

/** How a text was cut into tokens. */
const ownTextSchema = z.strictObject({
  tokens: textTokensSchema,
  /** Tokens a model sees before it foretells one. */
  context: countSchema,
  /** Bytes of UTF-8 that the foretold tokens of the hold-out stand for. */
  holdoutBytes: countSchema,
});

/** A label as the data names it. */
const classNameSchema = z.string().max(256);

/** What a data set of the owner's holds. */
export const ownDataSchema = z.strictObject({
  name: z.string().max(64),
  kind: z.enum(["images", "table", "text"]),
  /** Of an image; a table's row is 1 high and its columns wide, a text's block its tokens. */
  height: countSchema,
  width: countSchema,
  channels: countSchema,
  /** By number; empty where the data does not name them. */
  classNames: z.array(classNameSchema).max(256),
  /** Of a text the kinds of tokens. */
  classes: countSchema,
  trainCount: countSchema,
  holdoutCount: countSchema,
  /** One line: what was found and how it was split. */
  note: z.string().max(1_024),
  /** How a text was cut; null for all other data. */
  text: ownTextSchema.nullable().default(null),
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
  /**
   * Of a text, by token: code points of characters, or numbers of the encoding `o200k_base` for
   * `gpt`; empty for bytes, which stand for themselves.
   */
  vocabulary: z.array(countSchema).max(VOCABULARY_MAX).default([]),
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

/** What is asked for of a text; what is null is chosen by the daemon. */
const textWishesSchema = z.strictObject({
  tokens: textTokensSchema.nullable().default(null),
  /** Tokens of a block; else those of the given model, else 128. */
  context: z.int().min(CONTEXT_MIN).max(CONTEXT_MAX).nullable().default(null),
  /** Transformer blocks of the network, and elements of a token's vector; not with a model. */
  layers: z.int().min(1).max(TEXT_LAYERS_MAX).nullable().default(null),
  width: z
    .int()
    .min(TEXT_WIDTH_STEP)
    .max(TEXT_WIDTH_MAX)
    .multipleOf(TEXT_WIDTH_STEP)
    .nullable()
    .default(null),
});

/** Least tier of a unit's energy that a job takes: 0 nothing is asked, 1 E to 5 A. */
export const energyTierSchema = z.int().min(0).max(5).default(0);

/** What is asked for: data, and how long to train which model on it. */
export const quoteParamsSchema = z.strictObject({
  /** Absolute path of a file or folder. */
  data: z.string().min(1).max(PATH_CHARACTERS_MAX),
  steps: z.int().min(1).max(100_000_000).nullable().default(null),
  epochs: z.int().min(1).max(1_000_000).nullable().default(null),
  /** Text of a model description; null leaves the choice to the daemon. */
  model: z.string().max(MODEL_CHARACTERS_MAX).nullable().default(null),
  /**
   * Absolute path of a model whose weights the job begins with, in this program's own form; null
   * begins from the seed. Not without a model.
   */
  start: z.string().min(1).max(PATH_CHARACTERS_MAX).nullable().default(null),
  /** Of a text alone; null where nothing is said about it. */
  text: textWishesSchema.nullable().default(null),
  /** Name of the wallet that is to pay; null for the owner's account. */
  wallet: walletNameSchema.nullable().default(null),
  energyTier: energyTierSchema,
});

/** How well what training never saw is answered. */
export const holdoutSchema = z.strictObject({
  correct: countSchema,
  /** Samples, of a text tokens. */
  total: countSchema,
  /** Of a text, which is judged by its loss; null where samples are told apart. */
  text: z
    .strictObject({
      /** Mean loss of a token, in nats. */
      nats: z.number().min(0),
      /** Bytes that the tokens stand for; null where that is not known. */
      bytes: countSchema.nullable(),
    })
    .nullable()
    .default(null),
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
  holdout: holdoutSchema.nullable(),
  /** The record that made the end root public; null when it is not known any more. */
  reveal: heldReceiptSchema.nullable(),
  /** The record whose execution accepted and paid the unit. */
  paid: heldReceiptSchema,
});

export type OwnData = z.infer<typeof ownDataSchema>;
export type KeptDataSet = z.infer<typeof keptDataSetSchema>;
export type OwnText = NonNullable<OwnData["text"]>;
export type TextTokens = z.infer<typeof textTokensSchema>;
export type TextWishes = z.output<typeof textWishesSchema>;
export type Holdout = z.infer<typeof holdoutSchema>;
export type StepsRule = z.infer<typeof stepsRuleSchema>;
export type Quote = z.infer<typeof quoteSchema>;
export type QuoteParams = z.output<typeof quoteParamsSchema>;
export type Weights = z.infer<typeof weightsSchema>;
