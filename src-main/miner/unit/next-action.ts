/**
 * Decides what this machine has to do for a unit now, from the ledger's row and what its folder
 * holds. Nothing else is remembered, so a daemon may end at any moment and goes on from here.
 */

import type { UnitPhase } from "../../ledger/index.ts";
import type { Holding } from "./unit-files.ts";

/** What this machine is to the unit. */
export interface UnitRoles {
  readonly worker: boolean;
  readonly verifier: boolean;
}

/** What stands in the unit's folder. */
export interface UnitHoldings {
  /** A finished training, with the salt of its seal. */
  readonly work: Holding;
  /** A verdict, with the salt of its commitment. */
  readonly verdict: Holding;
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
  | "work-damaged"
  | "verdict-damaged"
  | "wait"
  | "end";

/**
 * The next action. A machine that lost what a phase needs cannot go on: it never makes up a salt
 * or a verdict it did not commit to. Where the file is there and damaged it says so; where there
 * is none, another machine may have it, and this one waits for the deadline. Before anything was
 * committed to, a damaged file is made again.
 */
export function nextAction(
  phase: UnitPhase | undefined,
  roles: UnitRoles,
  holdings: UnitHoldings,
): UnitAction {
  switch (phase) {
    case "assigned":
      if (!roles.worker) return "wait";
      return holdings.work === "whole" ? "seal" : "train";
    case "sealed":
      return roles.worker ? withWork("reveal", holdings) : "wait";
    case "challenged":
      if (!roles.verifier) return "wait";
      return holdings.verdict === "whole" ? "commit-verdict" : "replay";
    case "committed":
      return roles.worker ? withWork("open-inners", holdings) : "wait";
    case "opened":
      if (!roles.verifier || holdings.verdict === "none") return "wait";
      return holdings.verdict === "whole" ? "open-verdict" : "verdict-damaged";
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

function withWork(action: UnitAction, { work }: UnitHoldings): UnitAction {
  if (work === "none") return "wait";
  return work === "whole" ? action : "work-damaged";
}
