/**
 * Decides how a unit ends without pay: a missed deadline voids it with the code of who missed, and
 * that bond stays held; a disputed one is void after the dispute window, and both bonds stay held.
 */

import { invariant } from "../../../contract/outcome.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { writeUnit } from "../agenda.ts";
import { endHold } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import type { RuleContext } from "../rule.ts";
import type { UnitPhase, UnitRow } from "../rows.ts";
import { closeJob } from "./close-job.ts";

/** How a unit ends whose deadline passed. */
interface Missed {
  readonly code: string;
  readonly loses: "worker" | "verifier" | "nobody";
}

/**
 * Which message each phase waited for in vain, and so who missed. Silence costs the bond as a lie
 * does: else a worker would open only where the draw missed its wrong segments. Before the seal
 * nothing is claimed yet, so nothing is lost.
 */
const MISSED: Readonly<Partial<Record<UnitPhase, Missed>>> = {
  assigned: { code: "LEDGER_SEAL_MISSED", loses: "nobody" },
  sealed: { code: "LEDGER_REVEAL_MISSED", loses: "worker" },
  challenged: { code: "LEDGER_VERDICT_MISSED", loses: "verifier" },
  committed: { code: "LEDGER_OPENING_MISSED", loses: "worker" },
  opened: { code: "LEDGER_VERDICT_OPEN_MISSED", loses: "verifier" },
};

/** Voids a unit whose deadline or dispute window has passed. */
export function voidUnit(
  overlay: StateOverlay,
  id: Uint8Array,
  unit: UnitRow,
  context: RuleContext,
): readonly Effect[] {
  const disputed = unit.phase === "disputed";
  const missed = MISSED[unit.phase];
  invariant(disputed || missed !== undefined, "a unit in this phase has a deadline");
  const code = missed?.code ?? unit.code;
  const keeps = (who: "worker" | "verifier") => !disputed && missed?.loses !== who;
  endHold(overlay, unit.worker, unit.bondBase, keeps("worker"));
  endHold(overlay, unit.verifier, unit.bondBase, keeps("verifier"));
  writeUnit(overlay, id, { ...unit, phase: "void", code });
  return [{ kind: "voided", unit: id, code }, ...closeJob(overlay, unit.job, "void", context)];
}
