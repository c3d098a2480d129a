/**
 * Decides which records a commit may hold: chain and form (by decoding), signer, nonce, limit and
 * fee, against the executed parent. Admission sets the maximum fee aside and uses the nonce, so
 * several records of one account are judged together and the fee is there whatever they do.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { GenesisConstants } from "../genesis/genesis.ts";
import type { SignedRecord } from "../records/stored-record.ts";
import { balanceOf, debit } from "./money.ts";
import type { StateOverlay } from "./overlay.ts";
import { LANES, laneId } from "./tables.ts";

/** What admission is judged by. */
export interface AdmissionContext {
  readonly constants: GenesisConstants;
  /** Time of the commit, or the least time the next one can have. */
  readonly time: bigint;
}

/** What a record of that many stored bytes is charged; burned. */
export function feeOf(constants: GenesisConstants, storedBytes: number): bigint {
  return constants.feePerRecordBase + constants.feePerByteBase * BigInt(storedBytes);
}

/** The next nonce of an account's lane. */
export function nextNonce(overlay: StateOverlay, account: Uint8Array, lane: number): bigint {
  return overlay.read(LANES, laneId(account, lane))?.nonce ?? 0n;
}

/**
 * Admits one record into an overlay; answers its fee. Records of a commit are admitted in slot
 * order before any is applied.
 * @rejects LEDGER_SIGNER, LEDGER_NONCE_USED, LEDGER_NONCE_GAP, LEDGER_EXPIRED, LEDGER_FEE_LOW,
 *          LEDGER_FEE_UNCOVERED; the overlay is untouched then
 */
export function admit(
  overlay: StateOverlay,
  signed: SignedRecord,
  context: AdmissionContext,
): Outcome<bigint> {
  const { record } = signed;
  if (!bytesEqual(signed.signer, record.account)) return reject("LEDGER_SIGNER");
  const expected = nextNonce(overlay, record.account, record.lane);
  const nonces = { expected: String(expected), given: String(record.nonce) };
  if (record.nonce < expected) return reject("LEDGER_NONCE_USED", nonces);
  if (record.nonce > expected) return reject("LEDGER_NONCE_GAP", nonces);
  if (record.validUntil !== 0n && record.validUntil < context.time) {
    return reject("LEDGER_EXPIRED", { validUntil: String(record.validUntil) });
  }
  const feeBase = feeOf(context.constants, signed.stored.length);
  if (record.maxFee < feeBase) return reject("LEDGER_FEE_LOW", { feeBase: String(feeBase) });
  const heldBase = balanceOf(overlay, record.account);
  if (heldBase < record.maxFee) {
    return reject("LEDGER_FEE_UNCOVERED", { heldBase: String(heldBase) });
  }
  debit(overlay, record.account, record.maxFee);
  overlay.write(LANES, laneId(record.account, record.lane), { nonce: record.nonce + 1n });
  return accept(feeBase);
}
