/** Decides how publications are searched for, and how an answer is shown to be whole. */

import { z } from "zod";

import { publicationSchema } from "./account-records.ts";
import { countSchema, digestSchema, hexSchema } from "./scalars.ts";

/** Words that are searched for; far more say nothing more. */
const TEXT_CHARACTERS_MAX = 1_024;

/** Numbers of an embedding, each a byte. */
const EMBEDDING_BYTES_MAX = 4_096;

/** Bytes of a receipt of a search in one message: hex doubles them, and a message has 1 MiB. */
export const SEARCH_RECEIPT_BYTES_MAX = 491_520;

const asked = {
  /** Either this, embedded as `text-1`, */
  text: z.string().max(TEXT_CHARACTERS_MAX).optional(),
  /** or this: int8 numbers as bytes, of a collection that is named. */
  vector: hexSchema
    .min(2)
    .max(2 * EMBEDDING_BYTES_MAX)
    .optional(),
  what: z.enum(["dataset", "model", "job", "other"]).optional(),
  /** Only what carries all of these. */
  tags: z.array(z.string().max(32)).max(16).default([]),
  limit: z.int().min(1).max(100).default(10),
  /** Lists read where the committed index answers, nearest first. */
  probes: z.int().min(1).max(64).default(8),
};

/** What `ledger.search` is asked; without a collection, words are searched in those of words. */
export const searchParamsSchema = z.strictObject({
  ...asked,
  collection: z.string().min(1).max(64).optional(),
  /** From the committed index alone. */
  exact: z.boolean().default(false),
});

/** What `ledger.search-proof` is asked: a proof is about one collection. */
export const searchProofParamsSchema = z.strictObject({
  ...asked,
  collection: z.string().min(1).max(64),
});

/** One publication that was found. */
const searchHitSchema = z.strictObject({
  slot: countSchema,
  /** Sum of squared differences of the embeddings. */
  distance: countSchema,
  /** Null where its record is no longer held here. */
  publication: publicationSchema.nullable(),
});

/** Publications by distance, then slot. */
export const searchAnswerSchema = z.strictObject({
  /** Newest commit that was searched. */
  commit: countSchema,
  collections: z.array(
    z.strictObject({
      collection: z.string().max(64),
      /** A graph or codes find nearly all that is near; the committed index is the definition. */
      from: z.enum(["graph", "codes", "committed"]),
    }),
  ),
  hits: z.array(searchHitSchema).max(100),
});

/** An answer from the committed index, and what shows it to somebody without a node. */
export const searchProofSchema = z.strictObject({
  collection: z.string().max(64),
  /** Commit after which the index was so. */
  commit: countSchema,
  indexRoot: digestSchema,
  /** Lists that were read; fewer than asked for where the receipt would not fit a message. */
  probes: countSchema,
  /** Bytes of the search receipt, which `verifySearchReceipt` checks. */
  receipt: hexSchema.max(2 * SEARCH_RECEIPT_BYTES_MAX),
});

export type SearchParams = z.output<typeof searchParamsSchema>;
export type SearchProofParams = z.output<typeof searchProofParamsSchema>;
export type FoundPublication = z.infer<typeof searchHitSchema>;
export type SearchAnswered = z.infer<typeof searchAnswerSchema>;
export type SearchProved = z.infer<typeof searchProofSchema>;
