/**
 * Decides what a person's payment looks like as a record, whether the command signs it or the
 * daemon: its lane, its fee, and how long it counts.
 */

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
import type { FeePrices, Genesis, LedgerRecord } from "../ledger/index.ts";
import type { AccountKey } from "../wallet/index.ts";

/**
 * Lane of what a person sends. The daemon's own records of the owner use lane 0, so neither ever
 * waits for, or takes the nonce of, the other.
 */
export const SPEND_LANE = 1;

/** A payment that is not in the ledger by then never will be. */
const VALID_MS = 600_000;

/** Who gets how much. */
export interface Transfer {
  readonly to: Uint8Array;
  readonly amountBase: bigint;
}

/** What a payment costs beside its amount. */
export interface TransferCost {
  /** Most that is charged by the present price; a first payment also opens its lane. */
  readonly costBase: bigint;
  /** Most that is ever charged, should the price rise before the record is in. */
  readonly mostBase: bigint;
  /** What to sign as the maximum fee. */
  readonly maxFeeBase: bigint;
}

/**
 * What a transfer costs. Every field has a fixed width, so any transfer of an account costs the
 * same but for its first one.
 * @param nonce      next nonce of the lane; 0 opens it
 * @param spareBase  what the account holds beyond the amount: the maximum fee never asks for more
 */
export function transferCost(
  prices: FeePrices,
  account: Uint8Array,
  { nonce, spareBase }: { readonly nonce: bigint; readonly spareBase: bigint },
): TransferCost {
  const payload = { kind: "transfer", to: account, amountBase: 0n } as const;
  const lane = SPEND_LANE;
  const record = { account, lane, nonce: 0n, validUntil: 0n, maxFee: 0n, payload };
  const bytes = storedBytes(record, new Uint8Array(SIGNATURE_BYTES)).length;
  const quote = quoteFee(prices, bytes, payload);
  const openingBase = nonce === 0n ? laneDeposit(prices) : 0n;
  const leastBase = quote.feeBase + quote.stateFeeBase;
  const coveredBase = spareBase - openingBase;
  const wantedBase = quote.maxFeeBase < coveredBase ? quote.maxFeeBase : coveredBase;
  const maxFeeBase = wantedBase > leastBase ? wantedBase : leastBase;
  const mostBase = maxFeeBase + openingBase;
  return { costBase: leastBase + openingBase, mostBase, maxFeeBase };
}

/** When a payment is signed, and what it may cost. */
export interface TransferMoment {
  readonly nonce: bigint;
  readonly nowMs: number;
  readonly maxFeeBase: bigint;
}

/** Stored bytes of a signed transfer. @param nowMs  the machine's clock */
export function signTransfer(
  hasher: Hasher,
  genesis: Genesis,
  { secret, address }: AccountKey,
  { to, amountBase }: Transfer,
  { nonce, nowMs, maxFeeBase }: TransferMoment,
): Uint8Array {
  const record: LedgerRecord = {
    account: address,
    lane: SPEND_LANE,
    nonce,
    validUntil: BigInt(nowMs + VALID_MS),
    maxFee: maxFeeBase,
    payload: { kind: "transfer", to, amountBase },
  };
  const context = recordContext(hasher, genesisHash(hasher, genesis));
  return signRecord(record, context, (digest) => nobleSignatures.sign(digest, secret));
}
