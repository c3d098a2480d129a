/** Arbitrary records of every payload kind, for property tests. */

import fc from "fast-check";
import type { LedgerRecord, Payload } from "../../src-main/ledger/index.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const digest = bytes(32);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const u128 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const unit = digest;

const text = (max: number) => fc.string({ maxLength: max });

/** Payloads of the unit life, of jobs and transfers. */
const anyWorkPayload: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({ kind: fc.constant("transfer" as const), to: bytes(20), amountBase: u128 }),
  fc.record({
    kind: fc.constant("job-create" as const),
    specification: fc.uint8Array({ maxLength: 300 }),
    listing: u32,
    escrowBase: u128,
  }),
  fc.record({ kind: fc.constant("unit-seal" as const), unit, seal: digest }),
  fc.record({
    kind: fc.constant("unit-reveal" as const),
    unit,
    startRoot: digest,
    endRoot: digest,
    chainHead: digest,
    innerListRoot: digest,
    listDigest: digest,
    segmentCount: u32,
    salt: digest,
  }),
  fc.record({
    kind: fc.constant("verdict-commit" as const),
    unit,
    vrfProof: bytes(80),
    commitment: digest,
  }),
  fc.record({
    kind: fc.constant("inner-open" as const),
    unit,
    openings: fc.array(
      fc.record({ segment: u32, inner: digest, proof: fc.array(digest, { maxLength: 4 }) }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant("verdict-open" as const),
    unit,
    salt: digest,
    inners: fc.array(digest, { maxLength: 4 }),
    verdict: fc.constantFrom("", "LEARNING_STATE_MISMATCH"),
    segment: u32,
  }),
);

/** Payloads of money, bonds and authority. */
const anyMoneyPayload: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({
    kind: fc.constant("multi-transfer" as const),
    transfers: fc.array(fc.record({ to: bytes(20), amountBase: u128 }), { maxLength: 3 }),
    memo: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant("memo" as const),
    to: bytes(20),
    memo: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant("bond" as const),
    amountBase: u128,
    roles: fc.nat(255),
    payout: bytes(20),
    vrfKey: digest,
    unitsPerHour: u32,
  }),
  fc.record({ kind: fc.constant("unbond" as const), amountBase: u128 }),
  fc.record({ kind: fc.constant("job-fund" as const), job: digest, amountBase: u128 }),
  fc.record({ kind: fc.constant("job-cancel" as const), job: digest }),
  fc.record({
    kind: fc.constant("parameter-change" as const),
    name: fc.oneof(text(20), fc.constantFrom("slashPermille", "feePerByteBase")),
    value: u128,
    epoch: u64,
  }),
  fc.record({ kind: fc.constant("key-rotate" as const), key: bytes(20) }),
  fc.record({ kind: fc.constant("payout-set" as const), payout: bytes(20) }),
  fc.record({
    kind: fc.constant("evidence" as const),
    first: fc.uint8Array({ maxLength: 300 }),
    second: fc.uint8Array({ maxLength: 300 }),
  }),
);

/** Payloads that publish, and those that keep content from others. */
const anyPublicationPayload: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({ kind: fc.constant("energy-anchor" as const), day: u32, root: digest, rows: u32 }),
  fc.record({
    kind: fc.constant("publish" as const),
    what: fc.constantFrom("dataset" as const, "model" as const, "job" as const, "other" as const),
    name: text(20),
    content: digest,
    about: text(40),
    tags: fc.array(text(8), { maxLength: 3 }),
    collection: fc.constantFrom("", "a", "b"),
    embedding: fc.uint8Array({ maxLength: 8 }),
  }),
  fc.record({ kind: fc.constant("retract" as const), slot: u64 }),
  fc.record({ kind: fc.constant("encryption-key" as const), key: digest }),
  fc.record({
    kind: fc.constant("sealed" as const),
    subject: digest,
    keyEpoch: fc.nat(3),
    contentNonce: bytes(24),
    ciphertext: fc.uint8Array({ maxLength: 60 }),
  }),
  fc.record({
    kind: fc.constant("grant" as const),
    subject: digest,
    keyEpoch: fc.nat(3),
    to: bytes(20),
    wrapped: fc.uint8Array({ maxLength: 60 }),
  }),
  fc.record({
    kind: fc.constant("certificate-claim" as const),
    certificate: digest,
    volumeWh: u64,
    genStart: u64,
    genEnd: u64,
  }),
  fc.record({
    kind: fc.constant("unit-energy" as const),
    unit: digest,
    tier: fc.nat(255),
    energyMillijoules: u64,
    startMs: u64,
    endMs: u64,
  }),
  fc.record({ kind: fc.constant("revoke" as const), subject: digest, to: bytes(20) }),
);

/** Any payload an account may sign, of every kind. */
export const anyPayload: fc.Arbitrary<Payload> = fc.oneof(
  anyWorkPayload,
  anyMoneyPayload,
  anyPublicationPayload,
);

/** Any record of an account. */
export const anyRecord: fc.Arbitrary<LedgerRecord> = fc.record({
  account: bytes(20),
  lane: u32,
  nonce: u64,
  validUntil: u64,
  maxFee: u128,
  payload: anyPayload,
});
