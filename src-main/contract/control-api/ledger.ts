/** Decides how records, proofs and a check of the whole ledger are shown. */

import { z } from "zod";

import {
  addressSchema,
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  factsSchema,
  hexSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** One record with its outcome. */
export const ledgerRecordSchema = z.strictObject({
  slot: countSchema,
  /** Payload kind: "transfer", "unit-seal", "commit", … */
  kind: z.string().max(32),
  id: digestSchema.nullable(),
  account: addressSchema.nullable(),
  nonce: z.string().max(20).nullable(),
  /** The payload's fields by name, amounts and times as decimal text, bytes as hex. */
  fields: z.record(z.string(), z.string()),
  code: z.union([z.literal(""), codeSchema]),
  feeBase: amountBaseSchema,
  /** One line per effect of executing it. */
  effects: z.array(z.string().max(512)).max(1_024),
  bytes: hexSchema,
});

/** An inclusion proof of one slot against the newest certificate. */
export const ledgerProofSchema = z.strictObject({
  slot: countSchema,
  vectorSize: countSchema,
  vectorRoot: digestSchema,
  leafHash: digestSchema,
  path: z.array(digestSchema).max(64),
  certifiedCommit: countSchema,
  /** True when the daemon checked the path and the certificate before answering. */
  verified: z.boolean(),
});

/** The document that names the network: whoever checks a receipt starts from it. */
export const genesisDocumentSchema = z.strictObject({
  /** Hash of the canonical bytes; the network's name in every signature. */
  genesis: digestSchema,
  bytes: hexSchema,
});

/** What a check of the whole ledger found. */
export const ledgerReportSchema = z.strictObject({
  ok: z.boolean(),
  code: codeSchema.nullable(),
  facts: factsSchema,
  commits: countSchema,
  slots: countSchema,
  certificates: countSchema,
  supplyBase: amountBaseSchema,
  mintedBase: amountBaseSchema,
  burnedBase: amountBaseSchema,
  durationMs: millisecondsSchema,
});

export type GenesisDocument = z.infer<typeof genesisDocumentSchema>;
export type LedgerRecord = z.infer<typeof ledgerRecordSchema>;
export type LedgerProof = z.infer<typeof ledgerProofSchema>;
export type LedgerReport = z.infer<typeof ledgerReportSchema>;
