/** Decides when VIV moves from one account to another. */

import { accept, reject } from "../../contract/outcome.ts";
import { balanceOf, credit, debit } from "./money.ts";
import type { Rule } from "./rule.ts";

/** @rejects LEDGER_BALANCE_SHORT */
export const applyTransfer: Rule<"transfer"> = (overlay, { account }, { to, amountBase }) => {
  const heldBase = balanceOf(overlay, account);
  if (heldBase < amountBase) {
    return reject("LEDGER_BALANCE_SHORT", {
      heldBase: String(heldBase),
      neededBase: String(amountBase),
    });
  }
  debit(overlay, account, amountBase);
  credit(overlay, to, amountBase);
  return accept([]);
};
