/**
 * Decides what a person's payment is among the records of an account, whether the command signs it
 * or the daemon: a transfer whose maximum fee never asks for what it moves.
 */

import type { Hasher } from "../crypto/index.ts";
import type { FeePrices, Genesis } from "../ledger/index.ts";
import type { AccountKey } from "../wallet/index.ts";
import { recordCost, signAccountRecord } from "./account-record.ts";
import type { RecordMoment } from "./account-record.ts";

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
  const draft = { kind: "transfer", to: account, amountBase: 0n } as const;
  const cost = recordCost(prices, account, draft, nonce);
  const { feeBase: leastBase, depositBase: openingBase } = cost;
  const coveredBase = spareBase - openingBase;
  const wantedBase = cost.maxFeeBase < coveredBase ? cost.maxFeeBase : coveredBase;
  const maxFeeBase = wantedBase > leastBase ? wantedBase : leastBase;
  const mostBase = maxFeeBase + openingBase;
  return { costBase: leastBase + openingBase, mostBase, maxFeeBase };
}

/** Stored bytes of a signed transfer. */
export function signTransfer(
  hasher: Hasher,
  genesis: Genesis,
  { secret, address }: AccountKey,
  { to, amountBase }: Transfer,
  moment: RecordMoment,
): Uint8Array {
  const signer = { account: address, secret };
  const payload = { kind: "transfer", to, amountBase } as const;
  return signAccountRecord(hasher, genesis, signer, payload, moment);
}
