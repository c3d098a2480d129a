/**
 * Decides what units of work cost and brought. Joules a step count accepted work alone; a reward
 * without a value has no profit, with or without the cost of energy.
 */

import type { UnitEnergy } from "../../ports/energy-store.ts";

const BASE_PER_VIV = 10n ** 18n;

/** Figures of one training or of many. */
export interface UnitFigures {
  readonly joulesPerStep: number | null;
  readonly joulesPerViv: number | null;
  readonly profitMicros: number | null;
  readonly profitAfterEnergyMicros: number | null;
}

/** Figures of many units, and their sums. */
export interface UnitSums extends UnitFigures {
  readonly units: number;
  readonly paid: number;
  /** null as soon as one of them has no figure. */
  readonly millijoules: number | null;
  readonly rewardBase: string;
  readonly costMicros: number | null;
}

/**
 * Figures of trainings together.
 * @param microsPerViv  what the owner gets for one VIV; null where rewards have no value
 */
export function unitSums(units: readonly UnitEnergy[], microsPerViv: number | null): UnitSums {
  const paid = units.filter(({ outcome }) => outcome === "paid");
  const millijoules = summed(units.map((unit) => unit.millijoules));
  const paidMillijoules = summed(paid.map((unit) => unit.millijoules));
  const costMicros = summed(units.map((unit) => unit.costMicros));
  // One pay for a unit, however often its training was taken up.
  const pays = new Map(paid.map(({ unit, rewardBase }) => [unit, BigInt(rewardBase)]));
  let rewardBase = 0n;
  for (const pay of pays.values()) rewardBase += pay;
  const steps = new Map<string, number>();
  for (const { unit, steps: done } of paid) steps.set(unit, (steps.get(unit) ?? 0) + done);
  let allSteps = 0;
  for (const done of steps.values()) allSteps += done;
  const value = microsPerViv === null ? null : valueOf(rewardBase, microsPerViv);
  return {
    units: new Set(units.map(({ unit }) => unit)).size,
    paid: pays.size,
    millijoules,
    rewardBase: String(rewardBase),
    costMicros,
    joulesPerStep: ratio(paidMillijoules, allSteps),
    joulesPerViv: ratio(paidMillijoules, Number(rewardBase) / 1e18),
    profitMicros: value,
    profitAfterEnergyMicros: value === null || costMicros === null ? null : value - costMicros,
  };
}

/** Figures of one training, or of a whole unit. */
export function unitFigures(unit: UnitEnergy, microsPerViv: number | null): UnitFigures {
  const sums = unitSums([unit], microsPerViv);
  const { joulesPerStep, joulesPerViv, profitMicros, profitAfterEnergyMicros } = sums;
  return { joulesPerStep, joulesPerViv, profitMicros, profitAfterEnergyMicros };
}

function ratio(millijoules: number | null, by: number): number | null {
  return millijoules === null || by === 0 ? null : millijoules / 1_000 / by;
}

/** The sum; null of none, and where one is not known: a part would pass for the whole. */
export function summed(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum;
}

/** What an amount of base units is worth to its owner, in 10^-6 of the currency, rounded down. */
export function valueOf(base: bigint, microsPerViv: number): number {
  return Number((base * BigInt(microsPerViv)) / BASE_PER_VIV);
}
