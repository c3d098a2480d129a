/**
 * Decides who is paid for an accepted unit: 85 % worker, 10 % verifiers, the rest the pool; from
 * escrow, or minted for a sponsored job (ARCHITECTURE.md section 8).
 */

import { splitPrice } from "../../../learning/index.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { writeUnit } from "../agenda.ts";
import { bondedOf, credit, endHold } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import type { RuleContext } from "../rule.ts";
import type { UnitRow } from "../rows.ts";
import { WORKERS } from "../tables.ts";
import { jobFor } from "../unit-message.ts";
import { closeJob } from "./close-job.ts";

/** Pays an accepted unit, frees both bonds and closes its job. */
export function payUnit(
  overlay: StateOverlay,
  id: Uint8Array,
  unit: UnitRow,
  context: RuleContext,
): readonly Effect[] {
  const minted = jobFor(overlay, unit.job).listing !== 0;
  const parts = splitPrice(unit.priceBase);
  const shares = [
    ["worker", bondedOf(overlay, unit.worker).payout],
    ["verifiers", bondedOf(overlay, unit.verifier).payout],
    ["pool", context.genesis.pool],
  ] as const;
  const effects: Effect[] = [];
  for (const [share, to] of shares) {
    const amountBase = parts[share];
    credit(overlay, to, amountBase);
    effects.push({ kind: "paid", unit: id, to, amountBase, share, minted });
  }
  endHold(overlay, unit.worker, unit.bondBase, true);
  endHold(overlay, unit.verifier, unit.bondBase, true);
  // Capacity counts only what a beacon seeded: training for oneself must not raise it.
  if (minted) {
    const row = bondedOf(overlay, unit.worker);
    overlay.write(WORKERS, unit.worker, { ...row, verifiedUnits: row.verifiedUnits + 1n });
  }
  writeUnit(overlay, id, { ...unit, phase: "paid" });
  return [...effects, ...closeJob(overlay, unit.job, "paid", context)];
}
