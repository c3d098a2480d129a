/**
 * Decides what a verifier's opened verdict does: it must be what was committed before the worker
 * opened. Equal inner digests and an empty verdict accept the unit; anything else disputes it.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { innerCommitment, isVerdict } from "../../learning/index.ts";
import { writeUnit } from "./agenda.ts";
import { innersDigest } from "./apply-inner-open.ts";
import { parametersOf } from "./parameters.ts";
import type { Rule } from "./rule.ts";
import { unitFor } from "./unit-message.ts";

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_VERDICT_FORM, LEDGER_COMMITMENT_MISMATCH
 */
export const applyVerdictOpen: Rule<"verdict-open"> = (overlay, { account }, payload, context) => {
  const { hasher, time } = context;
  const from = "verifier";
  const found = unitFor(overlay, payload.unit, { phase: "opened", from, account, time });
  if (!found.ok) return found;
  const unit = found.value;
  if (!isVerdict(payload.verdict)) return reject("LEDGER_VERDICT_FORM");
  const commitment = innerCommitment(hasher, payload.inners, account, payload.salt);
  if (!bytesEqual(commitment, unit.commitment)) return reject("LEDGER_COMMITMENT_MISMATCH");
  const equal = bytesEqual(innersDigest(hasher, payload.inners), unit.openedInners);
  if (equal && payload.verdict === "") {
    writeUnit(overlay, payload.unit, { ...unit, phase: "accepted", deadline: 0n });
    return accept([{ kind: "accepted", unit: payload.unit }]);
  }
  const code = payload.verdict === "" ? "LEDGER_INNER_MISMATCH" : payload.verdict;
  writeUnit(overlay, payload.unit, {
    ...unit,
    phase: "disputed",
    code,
    disputedSegment: payload.segment,
    deadline: time + parametersOf(overlay, context).disputeWindowMs,
  });
  return accept([{ kind: "disputed", unit: payload.unit, code }]);
};
