/**
 * Decides which key signs for an account from the next commit on. All records of a commit are
 * admitted before any applies, so in the rotation's own commit the old key still signs.
 */

import { encode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { NO_DEPOSIT } from "./deposit.ts";
import { chargeDeposit, releaseDeposit } from "./deposits.ts";
import type { Rule } from "./rule.ts";
import { keyRowCodec } from "./rows.ts";
import { KEYS } from "./tables.ts";

/** @rejects LEDGER_KEY_NONE, LEDGER_DEPOSIT_SHORT */
export const applyKeyRotate: Rule<"key-rotate"> = (overlay, { account }, { key }, context) => {
  // Nobody has the key of the zero address: the account would be lost.
  if (key.every((byte) => byte === 0)) return reject("LEDGER_KEY_NONE");
  const row = overlay.read(KEYS, account);
  if (bytesEqual(key, account)) {
    // Back to its own key the account needs no row.
    if (row !== undefined) releaseDeposit(overlay, row.deposit);
    overlay.write(KEYS, account, undefined);
    return accept([]);
  }
  if (row !== undefined) {
    overlay.write(KEYS, account, { ...row, key });
    return accept([]);
  }
  const rowBytes = encode(keyRowCodec, { key, deposit: NO_DEPOSIT }).length;
  const deposit = chargeDeposit(overlay, account, rowBytes, context);
  if (!deposit.ok) return deposit;
  overlay.write(KEYS, account, { key, deposit: deposit.value });
  return accept([]);
};
