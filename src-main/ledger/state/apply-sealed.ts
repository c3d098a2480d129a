/**
 * Decides who may seal content under a subject: the account that sealed first owns the subject, and
 * only what is under its present key epoch is taken, so a reader whose grant was revoked cannot
 * read what comes after.
 */

import { encode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { SUBJECTS, subjectRowCodec } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

/** @rejects LEDGER_SUBJECT_OTHERS, LEDGER_KEY_EPOCH, LEDGER_DEPOSIT_SHORT */
export const applySealed: Rule<"sealed"> = (overlay, sender, { subject, keyEpoch }, context) => {
  const known = overlay.read(SUBJECTS, subject);
  if (known !== undefined && !bytesEqual(known.owner, sender.account)) {
    return reject("LEDGER_SUBJECT_OTHERS");
  }
  const expected = known?.keyEpoch ?? 0;
  if (keyEpoch !== expected) return reject("LEDGER_KEY_EPOCH", { expected, given: keyEpoch });
  if (known !== undefined) return accept([]);
  const row = { owner: sender.account, keyEpoch: 0, deposit: NO_DEPOSIT };
  const bytes = encode(subjectRowCodec, row).length;
  const deposit = chargeDeposit(overlay, sender.account, bytes, context);
  if (!deposit.ok) return deposit;
  overlay.write(SUBJECTS, subject, { ...row, deposit: deposit.value });
  return accept([]);
};
