/** Decides what this page believes of an account: its rows and its feed, recomputed here. */

import { bytesToHex } from "../../src-main/contract/bytes.ts";
import { FEED_SLOTS_MAX } from "../../src-main/contract/control-api/light.ts";
import type { AccountViewAnswer } from "../../src-main/contract/control-api/light.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { addressToText, parseAddress } from "../../src-main/crypto/address.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import {
  ACCOUNTS,
  ANCHORS,
  checkFeed,
  ENCRYPTION_KEYS,
  feedSize,
  FEEDS,
  KEYS,
  laneId,
  LANES,
  UNBONDINGS,
  WORKERS,
} from "../../src-main/ledger/light/index.ts";
import type { Table, TrustedView } from "../../src-main/ledger/light/index.ts";
import { checkedRow, claimOf } from "./light-checks.ts";

/** Lanes whose next nonce is shown: the machine's own, and what its owner sends. */
const LANES_SHOWN = [0, 1] as const;

/** An account as this page recomputed it, in the state that a commit names. */
export interface CheckedAccount {
  readonly address: string;
  /** False where the ledger holds no row of it. */
  readonly present: boolean;
  readonly balanceBase: bigint;
  readonly bond: CheckedBond | null;
  /** What left the bond and is not paid out yet. */
  readonly leavingBase: bigint;
  /** The address whose key signs; the account's own unless it was changed. */
  readonly signer: string;
  readonly encryptionKey: string;
  readonly anchor: { readonly day: number; readonly root: string; readonly slot: number } | null;
  readonly lanes: readonly { readonly lane: number; readonly nonce: bigint }[];
  readonly feed: {
    readonly count: number;
    /** Ascending. */
    readonly slots: readonly number[];
    /** True where it was recomputed that these are all. */
    readonly whole: boolean;
  };
  readonly trusted: { readonly commit: number; readonly timeMs: number };
  readonly tookMs: number;
}

/** A bond and what it is for. */
export interface CheckedBond {
  readonly bondedBase: bigint;
  readonly heldBase: bigint;
  readonly roles: number;
  readonly payout: string;
  readonly verifiedUnits: bigint;
}

/**
 * Recomputes an account.
 * @rejects LEDGER_LIGHT_STATE, LEDGER_LIGHT_FEED, CRYPTO_ADDRESS, CODEC_*
 */
export function checkAccount(
  view: TrustedView,
  text: string,
  answer: AccountViewAnswer,
): Outcome<CheckedAccount> {
  const began = performance.now();
  const parsed = parseAddress(text);
  if (!parsed.ok) return parsed;
  const id = parsed.value;
  let refusal: Outcome<never> | undefined;
  const row = <R>(table: Table<R>, key: Uint8Array = id): R | undefined => {
    const checked = checkedRow(view, answer.rows, table, key);
    if (checked.ok) return checked.value;
    refusal ??= checked;
    return undefined;
  };
  const account = row(ACCOUNTS);
  const worker = row(WORKERS);
  const leaving = row(UNBONDINGS) ?? [];
  const signer = row(KEYS)?.key ?? id;
  const encryption = row(ENCRYPTION_KEYS)?.key;
  const anchor = row(ANCHORS);
  const lanes = LANES_SHOWN.map((lane) => ({
    lane,
    nonce: row(LANES, laneId(id, lane))?.nonce ?? 0n,
  }));
  if (refusal !== undefined) return refusal;
  const feed = checkedFeed(view, id, answer);
  if (!feed.ok) return feed;
  return accept({
    address: addressToText(id),
    present: account !== undefined,
    balanceBase: account?.balanceBase ?? 0n,
    bond: worker === undefined ? null : { ...worker, payout: addressToText(worker.payout) },
    leavingBase: leaving.reduce((sum, { amountBase }) => sum + amountBase, 0n),
    signer: addressToText(signer),
    encryptionKey: encryption === undefined ? "" : bytesToHex(encryption),
    anchor:
      anchor === undefined
        ? null
        : { day: anchor.day, root: bytesToHex(anchor.root), slot: Number(anchor.slot) },
    lanes,
    feed: feed.value,
    trusted: { commit: Number(view.number), timeMs: Number(view.time) },
    tookMs: performance.now() - began,
  });
}

/** The feed: where all slots were given, none may be missing; the count is the row's own. */
function checkedFeed(
  view: TrustedView,
  id: Uint8Array,
  { rows, feed }: AccountViewAnswer,
): Outcome<CheckedAccount["feed"]> {
  const claim = claimOf(rows, FEEDS, id);
  if (!claim.ok) return claim;
  const row = checkedRow(view, rows, FEEDS, id);
  if (!row.ok) return row;
  const size = feedSize(sha256, row.value);
  if (!size.ok) return size;
  const count = size.value;
  const slots = feed.slots;
  if (!feed.whole) {
    // Only what is too long for an answer may be told in part: else a slot would be easily hidden.
    const isLong = count > FEED_SLOTS_MAX && slots.length <= count;
    return isLong ? accept({ count, slots, whole: false }) : reject("LEDGER_LIGHT_FEED");
  }
  const all = slots.map(BigInt);
  const checked = checkFeed(sha256, view, id, all, claim.value);
  return checked.ok ? accept({ count, slots, whole: true }) : checked;
}
