/** Decides which key others seal to for an account; a later one replaces it. */

import { encode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { isX25519PublicKey } from "../../crypto/index.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { ENCRYPTION_KEYS, encryptionKeyRowCodec } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

/**
 * Takes one form of a key, and none of small order: what is sealed to those, anybody can open.
 * @rejects LEDGER_ENCRYPTION_KEY, LEDGER_DEPOSIT_SHORT
 */
export const applyEncryptionKey: Rule<"encryption-key"> = (overlay, sender, { key }, context) => {
  if (!isX25519PublicKey(key)) return reject("LEDGER_ENCRYPTION_KEY");
  const known = overlay.read(ENCRYPTION_KEYS, sender.account);
  const row = { key, deposit: known?.deposit ?? NO_DEPOSIT };
  if (known === undefined) {
    const bytes = encode(encryptionKeyRowCodec, row).length;
    const deposit = chargeDeposit(overlay, sender.account, bytes, context);
    if (!deposit.ok) return deposit;
    row.deposit = deposit.value;
  }
  overlay.write(ENCRYPTION_KEYS, sender.account, row);
  return accept([]);
};
