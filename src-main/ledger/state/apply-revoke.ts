/**
 * Decides when a reader of a subject is one no more: the grant goes, and the subject's next content
 * needs a new key, which the owner grants anew to whoever may go on reading. What was readable
 * stays readable to whoever kept the old key; no ledger can change that.
 */

import { accept, reject } from "../../contract/outcome.ts";
import { KEY_EPOCHS_MAX } from "../limits.ts";
import { grantId, ownedSubject } from "./apply-grant.ts";
import { releaseDeposit } from "./deposits.ts";
import { GRANTS, SUBJECTS } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

/**
 * @rejects LEDGER_SUBJECT_UNKNOWN, LEDGER_SUBJECT_OTHERS, LEDGER_GRANT_UNKNOWN, LEDGER_KEY_EPOCHS
 */
export const applyRevoke: Rule<"revoke"> = (overlay, { account }, { subject, to }) => {
  const owned = ownedSubject(overlay, subject, account);
  if (!owned.ok) return owned;
  const id = grantId(subject, to);
  const grant = overlay.read(GRANTS, id);
  if (grant === undefined) return reject("LEDGER_GRANT_UNKNOWN");
  if (owned.value.keyEpoch >= KEY_EPOCHS_MAX) return reject("LEDGER_KEY_EPOCHS");
  overlay.write(GRANTS, id, undefined);
  releaseDeposit(overlay, grant.deposit);
  overlay.write(SUBJECTS, subject, { ...owned.value, keyEpoch: owned.value.keyEpoch + 1 });
  return accept([]);
};
