/**
 * Decides what a reward cost in energy: all trainings of its unit together, however often it was
 * taken up, and the profit without and with that cost. What no meter counted stays unknown.
 */

import { weakestTier } from "../sources/evidence.ts";
import type { EnergyTier } from "../../ports/meter.ts";
import type { UnitEnergy } from "../../ports/energy-store.ts";
import { unitSums, valueOf } from "./unit-figures.ts";

/** Energy and money of one reward. */
export interface RewardFigures {
  /** null where it was not metered, or not all of it. */
  readonly millijoules: number | null;
  /** Weakest source it rests on; null where there is none. */
  readonly tier: EnergyTier | null;
  /** Share of the trainings' time that was metered. */
  readonly coverage: number;
  readonly costMicros: number | null;
  readonly profitMicros: number | null;
  readonly profitAfterEnergyMicros: number | null;
}

/**
 * Figures of one payment for a unit.
 * @param trainings     every training of the unit on this machine; none where it trained elsewhere
 * @param amountBase    what was paid for it
 * @param microsPerViv  what the owner reckons a VIV to be worth; null where nobody says
 */
export function rewardFigures(
  trainings: readonly UnitEnergy[],
  amountBase: bigint,
  microsPerViv: number | null,
): RewardFigures {
  const { millijoules, costMicros } = unitSums(trainings, null);
  const metered = trainings.filter((one) => one.millijoules !== null);
  let [covered, length] = [0, 0];
  for (const { startMs, endMs, coverageMillionths } of trainings) {
    covered += coverageMillionths * (endMs - startMs);
    length += endMs - startMs;
  }
  const profitMicros = microsPerViv === null ? null : valueOf(amountBase, microsPerViv);
  return {
    millijoules,
    tier: weakestTier(metered.map(({ tier }) => tier)),
    coverage: length === 0 ? 0 : Math.min(1, covered / length / 1_000_000),
    costMicros,
    profitMicros,
    profitAfterEnergyMicros:
      profitMicros === null || costMicros === null ? null : profitMicros - costMicros,
  };
}
