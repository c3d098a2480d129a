/** Decides when VIV moves from one account to several: all of it or none. */

import { accept, reject } from "../../contract/outcome.ts";
import { balanceOf, credit, debit } from "./money.ts";
import type { Rule } from "./rule.ts";

/** @rejects LEDGER_TRANSFERS_EMPTY, LEDGER_BALANCE_SHORT */
export const applyMultiTransfer: Rule<"multi-transfer"> = (overlay, { account }, { transfers }) => {
  if (transfers.length === 0) return reject("LEDGER_TRANSFERS_EMPTY");
  const neededBase = transfers.reduce((sum, { amountBase }) => sum + amountBase, 0n);
  const heldBase = balanceOf(overlay, account);
  if (heldBase < neededBase) {
    const facts = { heldBase: String(heldBase), neededBase: String(neededBase) };
    return reject("LEDGER_BALANCE_SHORT", facts);
  }
  debit(overlay, account, neededBase);
  for (const { to, amountBase } of transfers) credit(overlay, to, amountBase);
  return accept([]);
};
