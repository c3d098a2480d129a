/**
 * Decides when an account becomes a reader of a subject: its owner says so, for the present key
 * epoch, and the reader has published a key to wrap the subject's key to.
 */

import { encode } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import type { StateOverlay } from "./overlay.ts";
import { ENCRYPTION_KEYS, grantRowCodec, GRANTS, SUBJECTS } from "./rows-published.ts";
import type { SubjectRow } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

/**
 * @rejects LEDGER_SUBJECT_UNKNOWN, LEDGER_SUBJECT_OTHERS, LEDGER_KEY_EPOCH,
 *          LEDGER_RECIPIENT_KEY, LEDGER_GRANT_EMPTY, LEDGER_DEPOSIT_SHORT
 */
export const applyGrant: Rule<"grant"> = (overlay, sender, payload, context) => {
  const { subject, keyEpoch, to, wrapped } = payload;
  const owned = ownedSubject(overlay, subject, sender.account);
  if (!owned.ok) return owned;
  const expected = owned.value.keyEpoch;
  if (keyEpoch !== expected) return reject("LEDGER_KEY_EPOCH", { expected, given: keyEpoch });
  if (overlay.read(ENCRYPTION_KEYS, to) === undefined) return reject("LEDGER_RECIPIENT_KEY");
  if (wrapped.length === 0) return reject("LEDGER_GRANT_EMPTY");
  const id = grantId(subject, to);
  const known = overlay.read(GRANTS, id);
  const row = { keyEpoch, deposit: known?.deposit ?? NO_DEPOSIT };
  if (known === undefined) {
    const bytes = encode(grantRowCodec, row).length;
    const deposit = chargeDeposit(overlay, sender.account, bytes, context);
    if (!deposit.ok) return deposit;
    row.deposit = deposit.value;
  }
  overlay.write(GRANTS, id, row);
  return accept([]);
};

/** Id of a grant's row. */
export function grantId(subject: Uint8Array, to: Uint8Array): Uint8Array {
  return concatBytes(subject, to);
}

/**
 * The subject, if the account owns it.
 * @rejects LEDGER_SUBJECT_UNKNOWN, LEDGER_SUBJECT_OTHERS
 */
export function ownedSubject(
  overlay: StateOverlay,
  subject: Uint8Array,
  account: Uint8Array,
): Outcome<SubjectRow> {
  const row = overlay.read(SUBJECTS, subject);
  if (row === undefined) return reject("LEDGER_SUBJECT_UNKNOWN");
  return bytesEqual(row.owner, account) ? accept(row) : reject("LEDGER_SUBJECT_OTHERS");
}
