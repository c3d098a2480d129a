/**
 * Decides which records a commit may hold: chain and form (by decoding), signer, nonce, limit and
 * fee, against the executed parent. Admission sets the maximum fee aside and uses the nonce, so
 * several records of one account are judged together and the fee is there whatever they do.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { SignedRecord } from "../records/stored-record.ts";
import { NO_DEPOSIT } from "./deposit.ts";
import { inclusionFee } from "./fees.ts";
import type { FeePrices } from "./fees.ts";
import { balanceOf, debit } from "./money.ts";
import type { StateOverlay } from "./overlay.ts";
import { ROW_KEY_BYTES, rowSize } from "./row-size.ts";
import { KEYS, LANES, laneId } from "./tables.ts";

/** What admission is judged by. */
export interface AdmissionContext {
  readonly prices: FeePrices;
  /** Time of the commit, or the least time the next one can have. */
  readonly time: bigint;
}

/** Bytes that opening a lane is lent for. */
const LANE_ROW_BYTES = rowSize(LANES.codec, { nonce: 0n, deposit: NO_DEPOSIT }) - ROW_KEY_BYTES;

/** What a new lane's row is lent at these prices; it never comes back, since a lane never ends. */
export function laneDeposit(prices: Pick<FeePrices, "depositPerByteBase">): bigint {
  return prices.depositPerByteBase * BigInt(LANE_ROW_BYTES);
}

/** The key that signs for an account: its own until it named another. */
export function signerFor(overlay: StateOverlay, account: Uint8Array): Uint8Array {
  return overlay.read(KEYS, account)?.key ?? account;
}

/** The next nonce of an account's lane. */
export function nextNonce(overlay: StateOverlay, account: Uint8Array, lane: number): bigint {
  return overlay.read(LANES, laneId(account, lane))?.nonce ?? 0n;
}

/**
 * Admits one record into an overlay; answers its fee. Records of a commit are admitted in slot
 * order before any is applied.
 * @rejects LEDGER_SIGNER, LEDGER_NONCE_USED, LEDGER_NONCE_GAP, LEDGER_EXPIRED, LEDGER_FEE_LOW,
 *          LEDGER_FEE_UNCOVERED, LEDGER_DEPOSIT_SHORT; the overlay is untouched then
 */
export function admit(
  overlay: StateOverlay,
  signed: SignedRecord,
  context: AdmissionContext,
): Outcome<bigint> {
  const { record } = signed;
  const { account, lane, maxFee } = record;
  if (!bytesEqual(signed.signer, signerFor(overlay, account))) return reject("LEDGER_SIGNER");
  const id = laneId(account, lane);
  const row = overlay.read(LANES, id);
  const expected = row?.nonce ?? 0n;
  if (record.nonce !== expected) {
    const code = record.nonce < expected ? "LEDGER_NONCE_USED" : "LEDGER_NONCE_GAP";
    return reject(code, { expected: String(expected), given: String(record.nonce) });
  }
  if (record.validUntil !== 0n && record.validUntil < context.time) {
    return reject("LEDGER_EXPIRED", { validUntil: String(record.validUntil) });
  }
  const feeBase = inclusionFee(context.prices, signed.stored.length, record.payload);
  if (maxFee < feeBase) return reject("LEDGER_FEE_LOW", { feeBase: String(feeBase) });
  const heldBase = balanceOf(overlay, account);
  if (heldBase < maxFee) return reject("LEDGER_FEE_UNCOVERED", { heldBase: String(heldBase) });
  const depositBase = row === undefined ? laneDeposit(context.prices) : 0n;
  if (heldBase < maxFee + depositBase) {
    const facts = { heldBase: String(heldBase), depositBase: String(depositBase) };
    return reject("LEDGER_DEPOSIT_SHORT", facts);
  }
  debit(overlay, account, maxFee + depositBase);
  const deposit = row?.deposit ?? { depositor: account, depositBase };
  overlay.write(LANES, id, { nonce: record.nonce + 1n, deposit });
  return accept(feeBase);
}
