/**
 * Decides what executing a commit may do beside applying its records, and how that is written
 * down (ARCHITECTURE.md section 14, "Effects"). Tags and names are permanent.
 */

import {
  bool,
  enumeration,
  fixedBytes,
  struct,
  taggedUnion,
  text,
  u128,
  u64,
} from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { CODE_BYTES_MAX, COLLECTION_BYTES_MAX } from "../limits.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);
const code = text(CODE_BYTES_MAX);

/** Whose part of a unit's price a payment is. */
export const payShareCodec = enumeration({ worker: 0, verifiers: 1, pool: 2 });

/** Bytes of an effect. */
export const effectCodec = taggedUnion("kind", {
  "job-started": {
    tag: 1,
    codec: struct({ job: digest, seed: digest, specificationHash: digest }),
  },
  assigned: {
    tag: 2,
    codec: struct({ unit: digest, job: digest, worker: address, verifier: address }),
  },
  challenged: { tag: 3, codec: struct({ unit: digest, beacon: digest }) },
  accepted: { tag: 4, codec: struct({ unit: digest }) },
  paid: {
    tag: 5,
    codec: struct({
      unit: digest,
      to: address,
      amountBase: u128,
      share: payShareCodec,
      minted: bool,
    }),
  },
  disputed: { tag: 6, codec: struct({ unit: digest, code }) },
  voided: { tag: 7, codec: struct({ unit: digest, code }) },
  refunded: { tag: 8, codec: struct({ job: digest, to: address, amountBase: u128 }) },
  published: { tag: 9, codec: struct({ collection: text(COLLECTION_BYTES_MAX) }) },
  retracted: {
    tag: 10,
    codec: struct({ publication: u64, collection: text(COLLECTION_BYTES_MAX) }),
  },
  /** A job and its units left the state; the deposit went back. */
  closed: { tag: 11, codec: struct({ job: digest, to: address, amountBase: u128 }) },
  unbonded: { tag: 12, codec: struct({ account: address, amountBase: u128 }) },
  slashed: {
    tag: 13,
    codec: struct({ account: address, amountBase: u128, to: address, rewardBase: u128 }),
  },
});

/** Something executing a commit did. */
export type Effect = ValueOf<typeof effectCodec>;

/** An effect and the slot whose outcome holds it. */
export interface SlotEffect {
  readonly slot: bigint;
  readonly effect: Effect;
}
