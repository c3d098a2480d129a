/** Decides how accounts, their history and receipts are shown. */

import { z } from "zod";

import { energyTierSchema } from "./energy.ts";
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
  role: z.enum(["owner", "worker", "verifier", "payout"]),
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

/** What `wallet.history` is asked: without an account, all of this machine's. */
export const historyParamsSchema = z.strictObject({ account: addressSchema.optional() });

/** What `wallet.account` is asked. */
export const accountParamsSchema = z.strictObject({
  address: addressSchema,
  lane: z.int().min(0).max(4_294_967_295).default(0),
});

/** The answer to `wallet.account`. */
export const accountSchema = z.strictObject({
  address: addressSchema,
  balanceBase: amountBaseSchema,
  /** A 64-bit number as decimal text. */
  nonce: amountBaseSchema,
});

/** Bytes of a signed transfer, with room; other records are refused anyway. */
const TRANSFER_BYTES_MAX = 1_024;

/** What `wallet.send` is given: the stored bytes of a transfer, its signature included. */
export const sendParamsSchema = z.strictObject({ record: hexSchema.max(2 * TRANSFER_BYTES_MAX) });

/** The answer to `wallet.send`: a final record. With a code, only the fee was paid. */
export const sentSchema = z.strictObject({
  slot: countSchema,
  recordId: digestSchema,
  code: z.union([z.literal(""), codeSchema]),
  feeBase: amountBaseSchema,
});

/** What the unit behind a reward took, all its trainings on this machine together. */
export const rewardEnergySchema = z.strictObject({
  unit: digestSchema,
  /** null where it was not metered here. */
  millijoules: countSchema.nullable(),
  /** Weakest source that the figure rests on. */
  tier: energyTierSchema.nullable(),
  /** Share of the training that was metered. */
  coverage: z.number().min(0).max(1),
  currency: z.string().max(8).nullable(),
  costMicros: z.int().nullable(),
  /** The reward at what its owner reckons a VIV to be worth; null where nobody says. */
  profitMicros: z.int().nullable(),
  /** The same less the cost of energy. */
  profitAfterEnergyMicros: z.int().nullable(),
});

/** One thing that happened to an account. */
export const historyEntrySchema = z.strictObject({
  slot: countSchema,
  timeMs: millisecondsSchema.nullable(),
  account: addressSchema,
  /** Whose: one of this machine's accounts, or another that was asked about. */
  role: z.enum(["owner", "worker", "verifier", "payout", "wallet"]),
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
  /** Of what this machine's accounts were paid for training; absent of everything else. */
  energy: rewardEnergySchema.optional(),
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
export type RewardEnergy = z.infer<typeof rewardEnergySchema>;
export type AccountAnswer = z.infer<typeof accountSchema>;
export type Sent = z.infer<typeof sentSchema>;
export type ReceiptAnswer = z.infer<typeof receiptSchema>;
