/**
 * Decides what this machine has to do for a unit now, from the ledger's row and what its folder
 * holds. Nothing else is remembered, so a daemon may end at any moment and goes on from here.
 */

import type { UnitPhase } from "../../ledger/index.ts";

/** What this machine is to the unit. */
export interface UnitRoles {
  readonly worker: boolean;
  readonly verifier: boolean;
}

/** What stands in the unit's folder. */
export interface UnitHoldings {
  /** A finished training, with the salt of its seal. */
  readonly work: boolean;
  /** A verdict, with the salt of its commitment. */
  readonly verdict: boolean;
}

/** What to do; "wait" until the ledger moves. */
export type UnitAction =
  | "train"
  | "seal"
  | "reveal"
  | "replay"
  | "commit-verdict"
  | "open-inners"
  | "open-verdict"
  | "wait"
  | "end";

/**
 * The next action. A machine that lost what a phase needs cannot go on and waits for the
 * deadline: it never makes up a salt or a verdict it did not commit to.
 */
export function nextAction(
  phase: UnitPhase | undefined,
  roles: UnitRoles,
  holdings: UnitHoldings,
): UnitAction {
  switch (phase) {
    case "assigned":
      if (!roles.worker) return "wait";
      return holdings.work ? "seal" : "train";
    case "sealed":
      return roles.worker && holdings.work ? "reveal" : "wait";
    case "challenged":
      if (!roles.verifier) return "wait";
      return holdings.verdict ? "commit-verdict" : "replay";
    case "committed":
      return roles.worker && holdings.work ? "open-inners" : "wait";
    case "opened":
      return roles.verifier && holdings.verdict ? "open-verdict" : "wait";
    case "revealed":
    case "accepted":
    case "disputed":
      return "wait";
    case "paid":
    case "void":
    case undefined:
      return "end";
  }
}
