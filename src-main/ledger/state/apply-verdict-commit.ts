/**
 * Decides when a verifier's commitment counts, and with it what was drawn: its VRF over what was
 * revealed, with the beacon drawn since, says which segments it must have replayed.
 */

import { accept, reject } from "../../contract/outcome.ts";
import { challengeAlpha, drawSegments } from "../../learning/index.ts";
import { writeUnit } from "./agenda.ts";
import { bondedOf } from "./money.ts";
import type { Rule } from "./rule.ts";
import { jobFor, specificationOf, unitFor } from "./unit-message.ts";

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_VERDICT_TWICE, LEDGER_VRF
 */
export const applyVerdictCommit: Rule<"verdict-commit"> = (overlay, sender, payload, context) => {
  const { account } = sender;
  const { time } = context;
  const from = "verifier";
  const found = unitFor(overlay, payload.unit, { phase: "challenged", from, account, time });
  if (!found.ok) return found;
  const unit = found.value;
  const { vrfKey } = bondedOf(overlay, account);
  const alpha = challengeAlpha(payload.unit, unit.chainHead);
  const output = context.verifyVrf(vrfKey, alpha, payload.vrfProof);
  if (output === undefined) return reject("LEDGER_VRF");
  const specification = specificationOf(jobFor(overlay, unit.job));
  const draw = drawSegments(context.hasher, unit.beacon, output, specification);
  writeUnit(overlay, payload.unit, {
    ...unit,
    phase: "committed",
    commitment: payload.commitment,
    fullReplay: draw.full,
    drawn: draw.segments,
    deadline: time + BigInt(specification.verdictWindowMs),
  });
  return accept([]);
};
