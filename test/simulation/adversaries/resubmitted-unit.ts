/**
 * A worker that was paid for a unit and seals the same work once more, checkpoints and all, for
 * another job of the same listing.
 */

import { cpSync } from "node:fs";
import type { RecordCheat } from "../forging-ledger.ts";

/** Keeps a copy of the unit's files while it is still there and has no verdict in it. */
export function keptWork(unitFolder: () => string, kept: string): RecordCheat {
  return {
    async after(payload) {
      if (payload.kind === "unit-reveal") cpSync(unitFolder(), kept, { recursive: true });
    },
  };
}

/** Puts the kept files where the next unit's would stand. */
export function resubmitted(kept: string): (unitFolder: string) => void {
  return (unitFolder) => cpSync(kept, unitFolder, { recursive: true });
}

/** States the start the new job asks for; the rest of the reveal is the old work's. */
export function claimingStart(startRoot: () => Uint8Array): RecordCheat {
  return {
    async instead(payload) {
      return payload.kind === "unit-reveal" ? { ...payload, startRoot: startRoot() } : payload;
    },
  };
}
