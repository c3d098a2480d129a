/**
 * Decides what somebody is given who holds no ledger and believes nobody: updates, and claims of
 * slots and rows with their proofs. Every figure is checked by the reader; nothing here is proof.
 */

import { z } from "zod";

import {
  addressSchema,
  amountBaseSchema,
  countSchema,
  digestSchema,
  hexSchema,
} from "./scalars.ts";

/** Updates of one answer: two an epoch for all that a trust period lasts, and room. */
const UPDATES_MAX = 32;

/** Rows asked for at once: all of an account, or a job with its units. */
const ROWS_MAX = 16;

/** Slots of a feed or a trail in one answer: what a page can check and show. */
export const FEED_SLOTS_MAX = 1_000;

/** Longest path of a tree of 2^64 leaves. */
const PATH_MAX = 64;

/** Bytes of an update: a commit record, a certificate, two paths, the validators' row. */
const UPDATE_BYTES_MAX = 131_072;

const pathSchema = z.array(digestSchema).max(PATH_MAX);
const updateSchema = hexSchema.max(2 * UPDATE_BYTES_MAX);

/** Tables whose rows are served; the names are the state's. */
export const ROW_TABLES = [
  "accounts",
  "lanes",
  "workers",
  "keys",
  "unbondings",
  "anchors",
  "encryption-keys",
  "feeds",
  "jobs",
  "units",
  "publications",
  "parameters",
  "certificates",
  "unit-energies",
] as const;

const tableSchema = z.enum(ROW_TABLES);

/** Longest id of a row: a job's digest. */
const rowIdSchema = hexSchema.max(64);

export const lightParamsSchema = z.strictObject({
  /** Commit that is trusted; 0 is the genesis document. */
  from: countSchema,
});

/** The way to the newest commit; canonical bytes (`lightUpdateCodec`), in order. */
export const lightSchema = z.strictObject({
  updates: z.array(updateSchema).max(UPDATES_MAX),
  newest: countSchema,
});

export const lightStartParamsSchema = z.strictObject({ commit: countSchema });
export const lightStartSchema = z.strictObject({ update: updateSchema });

export const slotClaimParamsSchema = z.strictObject({
  slot: countSchema,
  /** Commit whose roots the paths lead to. */
  commit: countSchema,
});

/** What is said to stand in a slot, what became of it, and which commit holds it. */
export const slotClaimSchema = z.strictObject({
  slot: countSchema,
  /** Null where the record was pruned from this folder. */
  stored: hexSchema.nullable(),
  leafHash: digestSchema,
  path: pathSchema,
  /** Null while the commit names no outcome root over the slot. */
  outcome: z.strictObject({ bytes: hexSchema, path: pathSchema }).nullable(),
  heldBy: z.strictObject({ slot: countSchema, stored: hexSchema.nullable(), path: pathSchema }),
});

const rowAskedSchema = z.strictObject({ table: tableSchema, id: rowIdSchema });

export const rowsParamsSchema = z.strictObject({
  /** Commit that names the state; its rows are those after the commit before it. */
  commit: countSchema,
  rows: z.array(rowAskedSchema).min(1).max(ROWS_MAX),
});

/** A row, or null where it is said that there is none; `proof` is a state proof's bytes. */
export const rowClaimSchema = rowAskedSchema.extend({
  bytes: hexSchema.nullable(),
  proof: hexSchema.max(32_768),
});

export const rowsSchema = z.strictObject({
  commit: countSchema,
  rows: z.array(rowClaimSchema).max(ROWS_MAX),
});

export const accountViewParamsSchema = z.strictObject({
  address: addressSchema,
  /** Commit that names the state; the newest unless given. */
  commit: countSchema.optional(),
});

/** An account as the state has it that a commit names, each row with its proof. */
export const accountViewSchema = z.strictObject({
  address: addressSchema,
  commit: countSchema,
  balanceBase: amountBaseSchema,
  bondedBase: amountBaseSchema,
  rows: z.array(rowClaimSchema).max(ROWS_MAX),
  feed: z.strictObject({
    /** Slots that concern the account, by its row. */
    count: countSchema,
    /** All of them, ascending, where they are few enough; else the newest. */
    slots: z.array(countSchema).max(FEED_SLOTS_MAX),
    whole: z.boolean(),
  }),
});

/** What a text can name. */
export const FOUND_KINDS = [
  "slot",
  "record",
  "job",
  "unit",
  "account",
  "publication",
  "certificate",
  "genesis",
] as const;

/** Things one text may name at once: a job is a record as well. */
const FOUND_MAX = 8;

export const findParamsSchema = z.strictObject({ text: z.string().min(1).max(200) });

/** What a text names, the likeliest first; `item` is the end of the page's address. */
export const foundSchema = z.strictObject({
  found: z
    .array(
      z.strictObject({
        kind: z.enum(FOUND_KINDS),
        item: z.string().max(128),
        slot: countSchema.nullable(),
      }),
    )
    .max(FOUND_MAX),
});

/** A job, or one of its units. */
export const trailParamsSchema = z.strictObject({ id: digestSchema });

/** The units of a job and the slots that name it or one of them, ascending. */
export const trailSchema = z.strictObject({
  job: digestSchema,
  units: z.array(digestSchema).max(ROWS_MAX),
  slots: z.array(countSchema).max(FEED_SLOTS_MAX),
  /** False where more was looked through than one answer may cost. */
  whole: z.boolean(),
});

/** What a session of the page may begin from where the genesis document is too old. */
export const pageTrustSchema = z.strictObject({
  genesis: digestSchema,
  commit: countSchema,
  commitDigest: digestSchema,
  vectorSize: countSchema,
  vectorRoot: digestSchema,
});

export type LightAnswer = z.infer<typeof lightSchema>;
export type SlotClaimAnswer = z.infer<typeof slotClaimSchema>;
export type RowTable = z.infer<typeof tableSchema>;
export type RowClaimAnswer = z.infer<typeof rowClaimSchema>;
export type AccountViewAnswer = z.infer<typeof accountViewSchema>;
export type Found = z.infer<typeof foundSchema>["found"][number];
export type Trail = z.infer<typeof trailSchema>;
export type PageTrust = z.infer<typeof pageTrustSchema>;
