/** Decides when a unit is challenged: by the first beacon late enough after its reveal. */

import type { Effect } from "../../outcomes/effects.ts";
import { writeUnit } from "../agenda.ts";
import type { StateOverlay } from "../overlay.ts";
import type { RuleContext } from "../rule.ts";
import type { UnitRow } from "../rows.ts";
import { jobFor, specificationOf } from "../unit-message.ts";

/** Fixes the beacon; what it draws is known once the verifier shows its VRF proof. */
export function drawChallenge(
  overlay: StateOverlay,
  id: Uint8Array,
  unit: UnitRow,
  context: RuleContext,
): readonly Effect[] {
  const { verdictWindowMs } = specificationOf(jobFor(overlay, unit.job));
  const { beacon } = context;
  const deadline = context.time + BigInt(verdictWindowMs);
  writeUnit(overlay, id, { ...unit, phase: "challenged", beacon, deadline });
  return [{ kind: "challenged", unit: id, beacon }];
}
