/** Decides how accounts, their history and receipts are shown. */

import { z } from "zod";

import {
  addressSchema,
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  hexSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** One of this machine's accounts. */
export const walletAccountSchema = z.strictObject({
  /** What the key is for. */
  role: z.enum(["owner", "worker", "verifier"]),
  address: addressSchema,
  balanceBase: amountBaseSchema,
  bondedBase: amountBaseSchema,
});

/** The answer to `wallet.show`. */
export const walletSchema = z.strictObject({
  network: z.string().max(64),
  valueNote: z.string().max(64),
  accounts: z.array(walletAccountSchema).max(16),
  paidBase: amountBaseSchema,
  keysFolder: z.string().max(4_096),
});

/** One thing that happened to an account. */
export const historyEntrySchema = z.strictObject({
  slot: countSchema,
  timeMs: millisecondsSchema.nullable(),
  account: addressSchema,
  role: z.enum(["owner", "worker", "verifier"]),
  /** What happened: "paid", "transfer in", "job created", … */
  what: z.string().max(128),
  /** Signed change of the balance in the smallest unit, as decimal text; null when none. */
  changeBase: z
    .string()
    .max(40)
    .regex(/^-?(0|[1-9][0-9]*)$/)
    .nullable(),
  feeBase: amountBaseSchema,
  /** Empty when the record was applied, else why not. */
  code: z.union([z.literal(""), codeSchema]),
});

/** A receipt: proof that a record stands in the ledger with its outcome, checkable offline. */
export const receiptSchema = z.strictObject({
  slot: countSchema,
  genesis: digestSchema,
  recordId: digestSchema.nullable(),
  code: z.union([z.literal(""), codeSchema]),
  effects: z.array(z.string().max(512)).max(1_024),
  certifiedCommit: countSchema,
  /** The receipt's canonical bytes. */
  bytes: hexSchema,
  /** Where the daemon has written them. */
  file: z.string().max(4_096),
});

export type WalletAccount = z.infer<typeof walletAccountSchema>;
export type Wallet = z.infer<typeof walletSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type ReceiptAnswer = z.infer<typeof receiptSchema>;
