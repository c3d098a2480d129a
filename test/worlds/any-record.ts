/** Arbitrary records of every payload kind, for property tests. */

import fc from "fast-check";
import type { LedgerRecord, Payload } from "../../src-main/ledger/index.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const digest = bytes(32);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const u128 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const unit = digest;

/** Any payload an account may sign. */
export const anyPayload: fc.Arbitrary<Payload> = fc.oneof(
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

/** Any record of an account. */
export const anyRecord: fc.Arbitrary<LedgerRecord> = fc.record({
  account: bytes(20),
  lane: u32,
  nonce: u64,
  validUntil: u64,
  maxFee: u128,
  payload: anyPayload,
});
