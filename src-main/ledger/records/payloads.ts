/**
 * Decides what an account may ask of the ledger: the payload kinds, their fields and their bytes
 * (ARCHITECTURE.md sections 14, 17 and 18). Field names appear in what a wallet shows before it
 * signs.
 */

import {
  constrained,
  fixedBytes,
  list,
  struct,
  taggedUnion,
  text,
  u128,
  u32,
  u64,
  varBytes,
} from "../../codec/index.ts";
import type { Codec, ValueOf } from "../../codec/index.ts";
import { innerOpeningsCodec, SEGMENTS_MAX, SPECIFICATION_BYTES_MAX } from "../../learning/index.ts";
import { CODE_BYTES_MAX } from "../limits.ts";
import { certificateClaimFields, unitEnergyFields } from "./energy-payloads.ts";
import {
  bondFields,
  evidenceFields,
  jobCancelFields,
  jobFundFields,
  keyRotateFields,
  memoFields,
  multiTransferFields,
  parameterChangeFields,
  payoutSetFields,
  unbondFields,
} from "./money-payloads.ts";
import {
  encryptionKeyFields,
  energyAnchorFields,
  grantFields,
  publishFields,
  retractFields,
  revokeFields,
  sealedFields,
} from "./publication-payloads.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** Moves VIV between accounts. */
const transferFields = { to: address, amountBase: u128 } as const;

/** Asks for training; `listing` 0 is a private job, n the sponsored listing n of the genesis. */
const jobCreateFields = {
  specification: varBytes(SPECIFICATION_BYTES_MAX),
  listing: u32,
  escrowBase: u128,
} as const;

/** Binds a worker to a result nobody can read yet. */
const unitSealFields = { unit: digest, seal: digest } as const;

/** Shows what a seal bound; `listDigest` is the SHA-256 of the published list's bytes. */
const unitRevealFields = {
  unit: digest,
  startRoot: digest,
  endRoot: digest,
  chainHead: digest,
  innerListRoot: digest,
  listDigest: digest,
  segmentCount: u32,
  salt: digest,
} as const;

/** Binds a verifier to what its replay gave, before the worker opens. */
const verdictCommitFields = {
  unit: digest,
  vrfProof: fixedBytes(80),
  commitment: digest,
} as const;

/** Opens the inner digests of exactly the drawn segments. */
const innerOpenFields = { unit: digest, openings: innerOpeningsCodec } as const;

/** Opens a verifier's commitment; an empty verdict accepts, else it names a rejection code. */
const verdictOpenFields = {
  unit: digest,
  salt: digest,
  inners: list(digest, SEGMENTS_MAX),
  verdict: text(CODE_BYTES_MAX),
  segment: u32,
} as const;

/** The first record of a commit: what its proposer states about it (section 6, "Commits"). */
const commitFields = {
  genesisHash: digest,
  number: u64,
  epoch: u64,
  view: u64,
  parentView: u64,
  firstSlot: u64,
  recordCount: u32,
  time: u64,
  proposer: u32,
  vrfProof: fixedBytes(80),
  ruleVersion: u32,
  stateRoot: digest,
  outcomeRoot: digest,
  indexRoot: digest,
} as const;

/** Codecs of each kind's fields, in the order of the bytes. */
export const PAYLOAD_FIELDS = {
  commit: commitFields,
  transfer: transferFields,
  "job-create": jobCreateFields,
  "unit-seal": unitSealFields,
  "unit-reveal": unitRevealFields,
  "verdict-commit": verdictCommitFields,
  "inner-open": innerOpenFields,
  "verdict-open": verdictOpenFields,
  "multi-transfer": multiTransferFields,
  memo: memoFields,
  bond: bondFields,
  unbond: unbondFields,
  "job-fund": jobFundFields,
  "job-cancel": jobCancelFields,
  "energy-anchor": energyAnchorFields,
  publish: publishFields,
  retract: retractFields,
  "parameter-change": parameterChangeFields,
  "key-rotate": keyRotateFields,
  "payout-set": payoutSetFields,
  evidence: evidenceFields,
  "encryption-key": encryptionKeyFields,
  sealed: sealedFields,
  grant: grantFields,
  revoke: revokeFields,
  "certificate-claim": certificateClaimFields,
  "unit-energy": unitEnergyFields,
} as const;

/** Bytes of a payload: its permanent tag and its fields. */
export const payloadCodec = taggedUnion("kind", {
  commit: { tag: 0, codec: struct(commitFields) },
  transfer: { tag: 1, codec: struct(transferFields) },
  "job-create": { tag: 2, codec: struct(jobCreateFields) },
  "unit-seal": { tag: 3, codec: struct(unitSealFields) },
  "unit-reveal": { tag: 4, codec: struct(unitRevealFields) },
  "verdict-commit": { tag: 5, codec: struct(verdictCommitFields) },
  "inner-open": { tag: 6, codec: struct(innerOpenFields) },
  "verdict-open": { tag: 7, codec: struct(verdictOpenFields) },
  "multi-transfer": { tag: 8, codec: struct(multiTransferFields) },
  memo: { tag: 9, codec: struct(memoFields) },
  bond: { tag: 10, codec: struct(bondFields) },
  unbond: { tag: 11, codec: struct(unbondFields) },
  "job-fund": { tag: 12, codec: struct(jobFundFields) },
  "job-cancel": { tag: 13, codec: struct(jobCancelFields) },
  "energy-anchor": { tag: 14, codec: struct(energyAnchorFields) },
  publish: { tag: 15, codec: struct(publishFields) },
  retract: { tag: 16, codec: struct(retractFields) },
  "parameter-change": { tag: 17, codec: struct(parameterChangeFields) },
  "key-rotate": { tag: 18, codec: struct(keyRotateFields) },
  "payout-set": { tag: 19, codec: struct(payoutSetFields) },
  evidence: { tag: 20, codec: struct(evidenceFields) },
  "encryption-key": { tag: 21, codec: struct(encryptionKeyFields) },
  sealed: { tag: 22, codec: struct(sealedFields) },
  grant: { tag: 23, codec: struct(grantFields) },
  revoke: { tag: 24, codec: struct(revokeFields) },
  "certificate-claim": { tag: 25, codec: struct(certificateClaimFields) },
  "unit-energy": { tag: 26, codec: struct(unitEnergyFields) },
});

/** What a record asks for. */
export type Payload = ValueOf<typeof payloadCodec>;

/** The name of a payload kind. */
export type PayloadKind = Payload["kind"];

/** The payload of one kind. */
export type PayloadOf<K extends PayloadKind> = Extract<Payload, { readonly kind: K }>;

/** The fields before the payload; the same in every record. */
export const RECORD_HEAD = {
  account: address,
  lane: u32,
  nonce: u64,
  validUntil: u64,
  maxFee: u128,
} as const;

/**
 * Canonical bytes of a record without its signature. A commit record has no account that pays:
 * its lane, limit and fee are zero and its nonce repeats the commit's number.
 */
export const recordCodec: Codec<LedgerRecord> = constrained(
  struct({ ...RECORD_HEAD, payload: payloadCodec }),
  (record) =>
    record.payload.kind !== "commit" ||
    (record.lane === 0 &&
      record.validUntil === 0n &&
      record.maxFee === 0n &&
      record.nonce === record.payload.number),
  "a commit record has lane, limit and fee zero and its number as nonce",
);

/** What an account signs. Amounts are base units; times are milliseconds of commit time. */
export interface LedgerRecord {
  /** Address, 20 bytes: who pays the fee and whose nonce is used. */
  readonly account: Uint8Array;
  /** Sequence within the account; one for each device, so they never wait for each other. */
  readonly lane: number;
  /** Next number of the lane, from 0. */
  readonly nonce: bigint;
  /** Last commit time this may be included at; 0 is no limit. */
  readonly validUntil: bigint;
  /** Most the account pays for inclusion. */
  readonly maxFee: bigint;
  readonly payload: Payload;
}

/** A commit record; its payload is known to be one. */
export type CommitRecord = LedgerRecord & { readonly payload: PayloadOf<"commit"> };
