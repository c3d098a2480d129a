/** Decides when an owner may end its job: while nobody works on it, so that nobody loses by it. */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { unitId } from "../../learning/index.ts";
import { closeJob } from "./end-of-commit/close-job.ts";
import type { Rule } from "./rule.ts";
import { JOBS, UNITS } from "./tables.ts";

/** @rejects LEDGER_JOB_UNKNOWN, LEDGER_JOB_OWNER, LEDGER_JOB_CLOSED, LEDGER_JOB_ASSIGNED */
export const applyJobCancel: Rule<"job-cancel"> = (overlay, { account }, payload, context) => {
  const { job: id } = payload;
  const job = overlay.read(JOBS, id);
  if (job === undefined) return reject("LEDGER_JOB_UNKNOWN");
  if (!bytesEqual(job.owner, account)) return reject("LEDGER_JOB_OWNER");
  if (job.status === "closed") return reject("LEDGER_JOB_CLOSED");
  const assigned = overlay.read(UNITS, unitId(context.hasher, id, 0, 0)) !== undefined;
  if (assigned) return reject("LEDGER_JOB_ASSIGNED");
  return accept(closeJob(overlay, id, "void", context));
};
