/**
 * Decides how a unit ends without pay: a missed deadline voids it with the code of who missed; a
 * disputed one is void after the dispute window, and both bonds stay held.
 */

import { invariant } from "../../../contract/outcome.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { writeUnit } from "../agenda.ts";
import { endHold } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import type { UnitPhase, UnitRow } from "../rows.ts";
import { closeJob } from "./close-job.ts";

/** Which message each phase waited for in vain, and so who missed. */
const MISSED: Readonly<Partial<Record<UnitPhase, string>>> = {
  assigned: "LEDGER_SEAL_MISSED",
  sealed: "LEDGER_REVEAL_MISSED",
  challenged: "LEDGER_VERDICT_MISSED",
  committed: "LEDGER_OPENING_MISSED",
  opened: "LEDGER_VERDICT_OPEN_MISSED",
};

/** Voids a unit whose deadline or dispute window has passed. */
export function voidUnit(overlay: StateOverlay, id: Uint8Array, unit: UnitRow): readonly Effect[] {
  const disputed = unit.phase === "disputed";
  const code = disputed ? unit.code : MISSED[unit.phase];
  invariant(code !== undefined, "a unit in this phase has a deadline");
  endHold(overlay, unit.worker, unit.bondBase, !disputed);
  endHold(overlay, unit.verifier, unit.bondBase, !disputed);
  writeUnit(overlay, id, { ...unit, phase: "void", code });
  return [{ kind: "voided", unit: id, code }, ...closeJob(overlay, unit.job, "void")];
}
