/**
 * Decides when an account bonds money and for what. Whoever verifies names a VRF key that is a real
 * point; it stays while units are in flight, else a verifier could look for a key whose draw suits
 * it after the beacon is known.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { isEd25519PublicKey } from "../../crypto/index.ts";
import { ROLE_VERIFIER, ROLE_WORKER } from "../genesis/genesis.ts";
import { bondedHasRoom, writeBond } from "./bonds.ts";
import { balanceOf, debit } from "./money.ts";
import type { Rule } from "./rule.ts";
import { WORKERS } from "./tables.ts";

/**
 * @rejects LEDGER_BOND_ROLES, LEDGER_BOND_VRF_KEY, LEDGER_BOND_EMPTY, LEDGER_BONDED_FULL,
 *          LEDGER_BOND_IN_FLIGHT, LEDGER_BALANCE_SHORT
 */
export const applyBond: Rule<"bond"> = (overlay, { account }, payload) => {
  const { amountBase, roles, payout, vrfKey, unitsPerHour } = payload;
  if (roles === 0 || roles > (ROLE_WORKER | ROLE_VERIFIER)) {
    return reject("LEDGER_BOND_ROLES", { roles });
  }
  const verifies = (roles & ROLE_VERIFIER) !== 0;
  if (verifies && !isEd25519PublicKey(vrfKey)) return reject("LEDGER_BOND_VRF_KEY");
  const row = overlay.read(WORKERS, account);
  if (row === undefined) {
    if (amountBase === 0n) return reject("LEDGER_BOND_EMPTY");
    if (!bondedHasRoom(overlay)) return reject("LEDGER_BONDED_FULL");
  } else if (row.unitsInFlight > 0 && !bytesEqual(row.vrfKey, vrfKey)) {
    return reject("LEDGER_BOND_IN_FLIGHT", { units: row.unitsInFlight });
  }
  const heldBase = balanceOf(overlay, account);
  if (heldBase < amountBase) {
    const facts = { heldBase: String(heldBase), neededBase: String(amountBase) };
    return reject("LEDGER_BALANCE_SHORT", facts);
  }
  debit(overlay, account, amountBase);
  const idle = { bondedBase: 0n, heldBase: 0n, unitsInFlight: 0, verifiedUnits: 0n };
  const before = row ?? idle;
  const bondedBase = before.bondedBase + amountBase;
  writeBond(overlay, account, { ...before, roles, payout, vrfKey, unitsPerHour, bondedBase });
  return accept([]);
};
