/**
 * Decides how a wallet of the data folder is spent from by name and password: what would happen is
 * shown first and named, and only what was shown is paid, once.
 */

import { z } from "zod";

import {
  addressSchema,
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** A wallet's name; whether there is one is told with a code of its own. */
export const walletNameSchema = z.string().min(1).max(32);

/** Longest password that crosses; the wallet's own bound is the same (wallet/limits). */
const PASSWORD_CHARACTERS_MAX = 1_024;

/**
 * A wallet's password, in each call that spends and in nothing else. It is never answered, logged
 * or kept.
 */
const passwordSchema = z.string().min(1).max(PASSWORD_CHARACTERS_MAX);

/** One wallet that a person made; nothing secret. */
export const ownWalletSchema = z.strictObject({
  name: walletNameSchema,
  /** Null where its file states none: it is damaged, or another program's. */
  address: addressSchema.nullable(),
  balanceBase: amountBaseSchema.nullable(),
  /** How long no password is tried, after wrong ones; 0 where one may be tried now. */
  waitMs: millisecondsSchema,
});

/** The answer to `wallet.list`. */
export const walletListSchema = z.strictObject({
  wallets: z.array(ownWalletSchema).max(64),
  valueNote: z.string().max(64),
});

/** What `wallet.preview` is asked. */
export const previewParamsSchema = z.strictObject({
  wallet: walletNameSchema,
  /** As a person typed it; a wrong one is refused with a code. */
  to: z.string().max(128),
  amountBase: amountBaseSchema,
});

/** What a payment would be. */
export const paymentPreviewSchema = z.strictObject({
  /** Names the preview when it is paid, once; null where it would be refused. */
  preview: digestSchema.nullable(),
  wallet: walletNameSchema,
  from: addressSchema,
  to: addressSchema,
  amountBase: amountBaseSchema,
  /** By the present price. */
  feeBase: amountBaseSchema,
  /** Most that is ever charged: a payment whose price rises further is refused instead. */
  feeMostBase: amountBaseSchema,
  balanceBase: amountBaseSchema,
  /** What is left afterwards; null where it would be refused. */
  leftBase: amountBaseSchema.nullable(),
  /** Whether the ledger knows the receiver: a new address is worth a second look. */
  receiverKnown: z.boolean(),
  /** Why it would be refused; empty where it would not. */
  code: z.union([z.literal(""), codeSchema]),
  valueNote: z.string().max(64),
});

/** What `wallet.pay` is given: a preview, and the password of the wallet it names. */
export const payParamsSchema = z.strictObject({ preview: digestSchema, password: passwordSchema });

/** The answer to `wallet.pay`: final. With a code, only the fee was paid. */
export const paidSchema = z.strictObject({
  slot: countSchema,
  recordId: digestSchema,
  code: z.union([z.literal(""), codeSchema]),
  feeBase: amountBaseSchema,
  /** Where its receipt is kept; null where there is none yet: the payment stands without. */
  receipt: z.string().max(4_096).nullable(),
});

/** What `wallet.order` is given: a quote made for a wallet, and that wallet's password. */
export const walletOrderParamsSchema = z.strictObject({
  quote: digestSchema,
  password: passwordSchema,
});

export type OwnWallet = z.infer<typeof ownWalletSchema>;
export type WalletList = z.infer<typeof walletListSchema>;
export type PreviewParams = z.output<typeof previewParamsSchema>;
export type PaymentPreview = z.infer<typeof paymentPreviewSchema>;
export type PayParams = z.output<typeof payParamsSchema>;
export type Paid = z.infer<typeof paidSchema>;
export type WalletOrderParams = z.output<typeof walletOrderParamsSchema>;
