/**
 * Decides what holding a row costs: whoever creates one lends `depositPerByteBase` for each of its
 * bytes, the row names the lender and the sum, and whoever deletes the row gives it back
 * (ARCHITECTURE.md section 17, "Deposits"). A later change of the parameter changes no old deposit.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Deposit } from "./deposit.ts";
import { balanceOf, credit, debit } from "./money.ts";
import type { StateOverlay } from "./overlay.ts";
import { parametersOf } from "./parameters.ts";
import type { ParameterContext } from "./parameters.ts";

export { depositCodec, NO_DEPOSIT } from "./deposit.ts";
export type { Deposit } from "./deposit.ts";

/** What a row of so many bytes is lent for now. */
export function depositFor(
  overlay: StateOverlay,
  rowBytes: number,
  context: ParameterContext,
): bigint {
  return parametersOf(overlay, context).depositPerByteBase * BigInt(rowBytes);
}

/**
 * Takes the deposit for a row from a free balance; the caller writes it into the row, whose
 * `moneyOf` counts it.
 * @param rowBytes  encoded length of the row, its deposit included
 * @rejects         LEDGER_DEPOSIT_SHORT
 */
export function chargeDeposit(
  overlay: StateOverlay,
  depositor: Uint8Array,
  rowBytes: number,
  context: ParameterContext,
): Outcome<Deposit> {
  const depositBase = depositFor(overlay, rowBytes, context);
  const heldBase = balanceOf(overlay, depositor);
  if (heldBase < depositBase) {
    const facts = { heldBase: String(heldBase), depositBase: String(depositBase) };
    return reject("LEDGER_DEPOSIT_SHORT", facts);
  }
  debit(overlay, depositor, depositBase);
  return accept({ depositor, depositBase });
}

/** Gives a deposit back; the caller deletes the row that held it. */
export function releaseDeposit(overlay: StateOverlay, deposit: Deposit): void {
  credit(overlay, deposit.depositor, deposit.depositBase);
}
