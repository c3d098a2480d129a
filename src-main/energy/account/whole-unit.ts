/**
 * Decides how a unit's trainings are told as one: what a pause or a restart cut into pieces is one
 * unit with one pay, as good as its weakest piece.
 */

import { invariant } from "../../contract/outcome.ts";
import type { UnitEnergy } from "../../ports/energy-store.ts";
import { weakerQuality } from "../integrate/open-rows.ts";
import { weakestTier } from "../sources/evidence.ts";
import { summed } from "./unit-figures.ts";

/**
 * One unit of all its trainings; its device is that of the first that is given.
 * @bound at least one, all of the same unit
 */
export function wholeUnit(trainings: readonly UnitEnergy[]): UnitEnergy {
  const [first] = trainings;
  invariant(
    trainings.length > 0 && trainings.every(({ unit }) => unit === first.unit),
    "trainings of one unit",
  );
  if (trainings.length === 1) return first;
  const paid = trainings.find(({ outcome }) => outcome === "paid");
  let [lengthMs, coveredMs] = [0, 0];
  for (const { startMs, endMs, coverageMillionths } of trainings) {
    const ms = Math.max(1, endMs - startMs);
    lengthMs += ms;
    coveredMs += ms * coverageMillionths;
  }
  return {
    ...first,
    sources: [...new Set(trainings.flatMap(({ sources }) => sources))],
    tier: weakestTier(trainings.map(({ tier }) => tier)) ?? "E",
    startMs: Math.min(...trainings.map(({ startMs }) => startMs)),
    endMs: Math.max(...trainings.map(({ endMs }) => endMs)),
    millijoules: summed(trainings.map(({ millijoules }) => millijoules)),
    coverageMillionths: Math.floor(coveredMs / lengthMs),
    quality: trainings.map(({ quality }) => quality).reduce(weakerQuality),
    steps: trainings.reduce((sum, { steps }) => sum + steps, 0),
    outcome: paid?.outcome ?? first.outcome,
    rewardBase: paid?.rewardBase ?? first.rewardBase,
    costMicros: summed(trainings.map(({ costMicros }) => costMicros)),
  };
}
