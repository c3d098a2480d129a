/** Decides when a worker's seal counts: its own unit, before the deadline. */

import { accept } from "../../contract/outcome.ts";
import { writeUnit } from "./agenda.ts";
import type { Rule } from "./rule.ts";
import { jobFor, specificationOf, unitFor } from "./unit-message.ts";

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_SEAL_TWICE
 */
export const applyUnitSeal: Rule<"unit-seal"> = (overlay, { account }, payload, context) => {
  const { time } = context;
  const from = "worker";
  const found = unitFor(overlay, payload.unit, { phase: "assigned", from, account, time });
  if (!found.ok) return found;
  const unit = found.value;
  const { verdictWindowMs } = specificationOf(jobFor(overlay, unit.job));
  writeUnit(overlay, payload.unit, {
    ...unit,
    phase: "sealed",
    seal: payload.seal,
    sealedNumber: context.number,
    deadline: time + BigInt(verdictWindowMs),
  });
  return accept([]);
};
