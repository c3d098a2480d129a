/**
 * Decides how a closed job leaves the state with its units when its window has passed: the deposit
 * goes back. What was said about them stays in the vector, and their last rows in the local index.
 */

import { invariant } from "../../../contract/outcome.ts";
import { unitId } from "../../../learning/index.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { releaseDeposit } from "../deposits.ts";
import type { StateOverlay } from "../overlay.ts";
import { UNIT_ENERGIES } from "../rows-energy.ts";
import { JOBS, UNITS } from "../tables.ts";
import { jobFor } from "../unit-message.ts";

/** What the worker stated of the unit's energy goes with it; its deposit comes back. */
function leaveEnergy(overlay: StateOverlay, unit: Uint8Array): void {
  const energy = overlay.read(UNIT_ENERGIES, unit);
  if (energy === undefined) return;
  overlay.write(UNIT_ENERGIES, unit, undefined);
  releaseDeposit(overlay, energy.deposit);
}

/** Deletes a job's rows and gives its deposit back. */
export function leaveJob(overlay: StateOverlay, id: Uint8Array): readonly Effect[] {
  const job = jobFor(overlay, id);
  invariant(job.status === "closed", "only a closed job leaves");
  for (let round = 0; round < job.rounds; round += 1) {
    for (let shard = 0; shard < job.shards; shard += 1) {
      const unit = unitId(overlay.hasher, id, round, shard);
      overlay.write(UNITS, unit, undefined);
      leaveEnergy(overlay, unit);
    }
  }
  overlay.write(JOBS, id, undefined);
  releaseDeposit(overlay, job.deposit);
  const { depositor: to, depositBase: amountBase } = job.deposit;
  return [{ kind: "closed", job: id, to, amountBase }];
}
