/** Decides what the end of a commit does: what is due, in agenda order, up to a bound. */

import { invariant } from "../../../contract/outcome.ts";
import { ADDRESS_BYTES } from "../../../crypto/index.ts";
import { AGENDA_PER_COMMIT_MAX } from "../../limits.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { firstDue } from "../agenda.ts";
import { nextToLeave, takeLeaving } from "../leaving.ts";
import type { StateOverlay } from "../overlay.ts";
import type { RuleContext } from "../rule.ts";
import { UNITS } from "../tables.ts";
import { drawChallenge } from "./draw-challenge.ts";
import { leaveJob } from "./leave-job.ts";
import { payOutBond } from "./pay-out-bond.ts";
import { payUnit } from "./pay-unit.ts";
import { startJob } from "./start-job.ts";
import { voidUnit } from "./void-unit.ts";

/**
 * Handles one due entry; answers its effects, or undefined when nothing is due. Each entry moves
 * its job or unit on, so the same entry is never met twice.
 */
function settleNext(overlay: StateOverlay, context: RuleContext): readonly Effect[] | undefined {
  const entry = firstDue(overlay, context.view, context.time);
  if (entry === undefined) return letLeave(overlay, context);
  if (entry.kind === "job") return startJob(overlay, entry.id, context);
  const unit = overlay.read(UNITS, entry.id);
  invariant(unit !== undefined, "an agenda entry names a unit");
  if (unit.phase === "accepted") return payUnit(overlay, entry.id, unit, context);
  if (unit.phase === "revealed") return drawChallenge(overlay, entry.id, unit, context);
  return voidUnit(overlay, entry.id, unit, context);
}

/** Lets the next closed job or part of a bond go whose time has come. */
function letLeave(overlay: StateOverlay, { time }: RuleContext): readonly Effect[] | undefined {
  const job = nextToLeave(overlay, "job");
  if (job !== undefined && job.due <= time) {
    takeLeaving(overlay, "job");
    return leaveJob(overlay, job.id);
  }
  const bond = nextToLeave(overlay, "unbonding");
  if (bond === undefined || bond.due > time) return undefined;
  takeLeaving(overlay, "unbonding");
  return payOutBond(overlay, bond.id.slice(0, ADDRESS_BYTES), time);
}

/**
 * Runs the effects at the end of a commit.
 * @param afterEach  called after every entry; the supply is checked there
 * @bound            256 entries; the rest is still due in the next commit
 */
export function settleDue(
  overlay: StateOverlay,
  context: RuleContext,
  afterEach: () => void,
): readonly Effect[] {
  const effects: Effect[] = [];
  for (let handled = 0; handled < AGENDA_PER_COMMIT_MAX; handled += 1) {
    const done = settleNext(overlay, context);
    if (done === undefined) return effects;
    effects.push(...done);
    afterEach();
  }
  return effects;
}
