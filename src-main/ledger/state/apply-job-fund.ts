/** Decides when somebody adds to the escrow of a private job; what is left goes to its owner. */

import { accept, reject } from "../../contract/outcome.ts";
import { writeJob } from "./agenda.ts";
import { balanceOf, debit } from "./money.ts";
import type { Rule } from "./rule.ts";
import { JOBS } from "./tables.ts";

/**
 * @rejects LEDGER_JOB_UNKNOWN, LEDGER_JOB_SPONSORED, LEDGER_JOB_CLOSED, LEDGER_FUND_EMPTY,
 *          LEDGER_BALANCE_SHORT
 */
export const applyJobFund: Rule<"job-fund"> = (overlay, { account }, payload) => {
  const { job: id, amountBase } = payload;
  const job = overlay.read(JOBS, id);
  if (job === undefined) return reject("LEDGER_JOB_UNKNOWN");
  if (job.listing !== 0) return reject("LEDGER_JOB_SPONSORED");
  if (job.status === "closed") return reject("LEDGER_JOB_CLOSED");
  if (amountBase === 0n) return reject("LEDGER_FUND_EMPTY");
  const heldBase = balanceOf(overlay, account);
  if (heldBase < amountBase) {
    const facts = { heldBase: String(heldBase), neededBase: String(amountBase) };
    return reject("LEDGER_BALANCE_SHORT", facts);
  }
  debit(overlay, account, amountBase);
  writeJob(overlay, id, { ...job, escrowBase: job.escrowBase + amountBase });
  return accept([]);
};
