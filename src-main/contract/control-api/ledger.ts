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

/** That the vector of an earlier size is the beginning of the certified one. */
export const sizeProofSchema = z.strictObject({
  since: countSchema,
  sinceRoot: digestSchema,
  path: z.array(digestSchema).max(128),
  vectorSize: countSchema,
  vectorRoot: digestSchema,
  certifiedCommit: countSchema,
});

/** What became of a slot, and its path in the outcome tree that a commit names. */
export const outcomeProofSchema = z.strictObject({
  slot: countSchema,
  /** Canonical bytes of the outcome. */
  outcome: hexSchema,
  code: z.union([z.literal(""), codeSchema]),
  path: z.array(digestSchema).max(64),
  outcomeSize: countSchema,
  outcomeRoot: digestSchema,
  namedBy: countSchema,
});

/** An account after a commit, with what shows it to somebody without a node. */
export const stateAnswerSchema = z.strictObject({
  account: addressSchema,
  commit: countSchema,
  /** False where the ledger held no such account then. */
  present: z.boolean(),
  balanceBase: amountBaseSchema,
  stateRoot: digestSchema,
  namedBy: countSchema,
  /** Hashes of the path in the state map. */
  siblings: z.array(digestSchema).max(256),
  /** Canonical bytes of the state receipt, which `verifyStateReceipt` checks. */
  receipt: hexSchema,
  oldestCommit: countSchema,
});

/** What a pruning left. */
export const prunedSchema = z.strictObject({
  floor: countSchema,
  snapshotCommit: countSchema,
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
  /** First slot whose record is held; of those before only hashes and outcomes were checked. */
  prunedBelow: countSchema,
  /** Commit after which execution began: 0 is the genesis, else the snapshot's. */
  executedFrom: countSchema,
  supplyBase: amountBaseSchema,
  mintedBase: amountBaseSchema,
  burnedBase: amountBaseSchema,
  durationMs: millisecondsSchema,
});

export type GenesisDocument = z.infer<typeof genesisDocumentSchema>;
export type LedgerRecord = z.infer<typeof ledgerRecordSchema>;
export type LedgerProof = z.infer<typeof ledgerProofSchema>;
export type OutcomeProof = z.infer<typeof outcomeProofSchema>;
export type Pruned = z.infer<typeof prunedSchema>;
export type SizeProof = z.infer<typeof sizeProofSchema>;
export type StateAnswer = z.infer<typeof stateAnswerSchema>;
export type LedgerReport = z.infer<typeof ledgerReportSchema>;
