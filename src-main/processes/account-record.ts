/**
 * Decides what a record that a person sends looks like, whatever it asks for: its lane, how long it
 * counts, what it may cost.
 */

import type { Prices } from "../contract/control-api/index.ts";
import type { Hasher } from "../crypto/index.ts";
import { nobleSignatures, SIGNATURE_BYTES } from "../crypto/index.ts";
import {
  genesisHash,
  laneDeposit,
  quoteFee,
  recordContext,
  signRecord,
  storedBytes,
} from "../ledger/index.ts";
import type { FeePrices, Genesis, LedgerRecord, Payload } from "../ledger/index.ts";

/**
 * Lane of what a person sends. The daemon's own records of the owner use lane 0, so neither ever
 * waits for, or takes the nonce of, the other.
 */
export const SPEND_LANE = 1;

/** A record that is not in the ledger by then never will be. */
const VALID_MS = 600_000;

/** What a record costs beside what it moves. */
export interface RecordCost {
  /** Most that is charged by the present price. */
  readonly feeBase: bigint;
  /** Lent for what stays in the state, and given back with it. */
  readonly depositBase: bigint;
  /** What to sign as the maximum fee; room for the price to move. */
  readonly maxFeeBase: bigint;
}

/** The daemon's prices as the ledger's rules take them. */
export function feePrices(prices: Prices): FeePrices {
  return {
    multiplier: BigInt(prices.multiplier),
    feePerRecordBase: BigInt(prices.feePerRecordBase),
    feePerByteBase: BigInt(prices.feePerByteBase),
    feePerEmbeddingByteBase: BigInt(prices.feePerEmbeddingByteBase),
    feePerStateByteBase: BigInt(prices.feePerStateByteBase),
    depositPerByteBase: BigInt(prices.depositPerByteBase),
  };
}

/**
 * What a payload costs its account.
 * @param draft  the payload, or one with fields of the same sizes
 * @param nonce  next nonce of the lane; 0 opens it, which is lent for
 */
export function recordCost(
  prices: FeePrices,
  account: Uint8Array,
  draft: Payload,
  nonce: bigint,
): RecordCost {
  const record = recordOf(account, draft, { nonce, nowMs: 0, maxFeeBase: 0n });
  const bytes = storedBytes(record, new Uint8Array(SIGNATURE_BYTES)).length;
  const quote = quoteFee(prices, bytes, draft);
  const laneBase = nonce === 0n ? laneDeposit(prices) : 0n;
  return {
    feeBase: quote.feeBase + quote.stateFeeBase,
    depositBase: quote.depositBase + laneBase,
    maxFeeBase: quote.maxFeeBase,
  };
}

/** When a record is signed, and what it may cost. */
export interface RecordMoment {
  readonly nonce: bigint;
  /** The machine's clock. */
  readonly nowMs: number;
  readonly maxFeeBase: bigint;
}

/** Stored bytes of a record of `account`, signed by a key that may sign for it. */
export function signAccountRecord(
  hasher: Hasher,
  genesis: Genesis,
  { account, secret }: { readonly account: Uint8Array; readonly secret: Uint8Array },
  payload: Payload,
  moment: RecordMoment,
): Uint8Array {
  const context = recordContext(hasher, genesisHash(hasher, genesis));
  const record = recordOf(account, payload, moment);
  return signRecord(record, context, (digest) => nobleSignatures.sign(digest, secret));
}

function recordOf(
  account: Uint8Array,
  payload: Payload,
  { nonce, nowMs, maxFeeBase }: RecordMoment,
): LedgerRecord {
  const validUntil = BigInt(nowMs + VALID_MS);
  return { account, lane: SPEND_LANE, nonce, validUntil, maxFee: maxFeeBase, payload };
}
