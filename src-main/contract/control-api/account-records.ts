/**
 * Decides how any record of an account is priced, passed on signed, and what of an account's
 * private side the ledger can tell.
 */

import { z } from "zod";

import {
  addressSchema,
  amountBaseSchema,
  countSchema,
  digestSchema,
  hexSchema,
} from "./scalars.ts";

/** Bytes of a slot, at most. */
const STORED_RECORD_BYTES_MAX = 65_535;

/** What records cost in the next commit. */
export const pricesSchema = z.strictObject({
  /** In 2^-32: 4294967296 is the plain price. */
  multiplier: amountBaseSchema,
  feePerRecordBase: amountBaseSchema,
  feePerByteBase: amountBaseSchema,
  feePerEmbeddingByteBase: amountBaseSchema,
  feePerStateByteBase: amountBaseSchema,
  depositPerByteBase: amountBaseSchema,
});

/** What `ledger.submit` is given: the stored bytes of any record, its signature included. */
export const submitParamsSchema = z.strictObject({
  record: hexSchema.max(2 * STORED_RECORD_BYTES_MAX),
});

/** What a reader of a subject is asked by. */
export const readerParamsSchema = z.strictObject({ subject: digestSchema, to: addressSchema });

/** A subject, who owns it, and the grants that a reader was given, newest first. */
export const readerSchema = z.strictObject({
  owner: addressSchema.nullable(),
  /** Key epoch that new content is under; null for a subject nobody sealed under. */
  keyEpoch: countSchema.nullable(),
  /** Whether the reader has a grant now. */
  granted: z.boolean(),
  grants: z.array(z.strictObject({ slot: countSchema, keyEpoch: countSchema, wrapped: hexSchema })),
});

/** What an account published for others to seal to it; null when nothing. */
export const accountKeysSchema = z.strictObject({
  encryptionKey: digestSchema.nullable(),
  /** Newest anchored day of its energy rows. */
  anchor: z
    .strictObject({ day: countSchema, root: digestSchema, rows: countSchema, slot: countSchema })
    .nullable(),
});

/** One publication as the ledger has it. */
export const publicationSchema = z.strictObject({
  slot: countSchema,
  publisher: addressSchema,
  what: z.enum(["dataset", "model", "job", "other"]),
  name: z.string().max(64),
  content: digestSchema,
  about: z.string().max(1_024),
  tags: z.array(z.string().max(32)).max(16),
  collection: z.string().max(64),
  dimension: countSchema,
  /** False once its publisher took it back. */
  stands: z.boolean(),
});

/** Newest first. */
export const publicationsSchema = z.strictObject({
  publications: z.array(publicationSchema),
});

export type Prices = z.infer<typeof pricesSchema>;
export type ReaderAnswer = z.infer<typeof readerSchema>;
export type AccountKeys = z.infer<typeof accountKeysSchema>;
export type Publication = z.infer<typeof publicationSchema>;
