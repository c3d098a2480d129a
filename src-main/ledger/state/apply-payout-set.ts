/** Decides when a bonded account is paid elsewhere: at once, also for units in flight. */

import { accept, reject } from "../../contract/outcome.ts";
import type { Rule } from "./rule.ts";
import { WORKERS } from "./tables.ts";

/** @rejects LEDGER_BOND_UNKNOWN */
export const applyPayoutSet: Rule<"payout-set"> = (overlay, { account }, { payout }) => {
  const row = overlay.read(WORKERS, account);
  if (row === undefined) return reject("LEDGER_BOND_UNKNOWN");
  overlay.write(WORKERS, account, { ...row, payout });
  return accept([]);
};
