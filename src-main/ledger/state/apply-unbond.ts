/**
 * Decides when a part of a bond leaves: at once it covers no unit any more, but it is paid out only
 * after the unbonding time, so that an offence found in between can still be punished.
 */

import { concatBytes } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { UNBONDINGS_MAX } from "../limits.ts";
import { freeBond, writeBond, writeUnbondings } from "./bonds.ts";
import { waitToLeave } from "./leaving.ts";
import { parametersOf } from "./parameters.ts";
import type { Rule } from "./rule.ts";
import { UNBONDINGS, WORKERS } from "./tables.ts";

/** @rejects LEDGER_BOND_UNKNOWN, LEDGER_UNBOND_EMPTY, LEDGER_BOND_SHORT, LEDGER_UNBONDINGS_FULL */
export const applyUnbond: Rule<"unbond"> = (overlay, { account }, { amountBase }, context) => {
  const row = overlay.read(WORKERS, account);
  if (row === undefined) return reject("LEDGER_BOND_UNKNOWN");
  if (amountBase === 0n) return reject("LEDGER_UNBOND_EMPTY");
  const freeBase = freeBond(row);
  if (freeBase < amountBase) return reject("LEDGER_BOND_SHORT", { freeBase: String(freeBase) });
  const leaving = overlay.read(UNBONDINGS, account) ?? [];
  if (leaving.length === UNBONDINGS_MAX) {
    return reject("LEDGER_UNBONDINGS_FULL", { parts: leaving.length });
  }
  writeBond(overlay, account, { ...row, bondedBase: row.bondedBase - amountBase });
  const due = context.time + parametersOf(overlay, context).unbondingMs;
  writeUnbondings(overlay, account, [...leaving, { due, amountBase }]);
  waitToLeave(overlay, "unbonding", concatBytes(account, new Uint8Array(12)), due);
  return accept([]);
};
