/**
 * Decides what is measured of a distribution: how many hold, the Gini coefficient, the least number
 * of holders who together have more than a threshold (Nakamoto coefficient; Srinivasan and Lee
 * 2017, with the threshold that this ledger's rules make dangerous), and the Lorenz curve.
 */

import { ascending, giniOf, tenThousandths } from "./gini.ts";
import type { Ratio } from "./gini.ts";

/** More than this part of the votes stops the ledger: a quorum is ⌊2W ÷ 3⌋ + 1. */
export const OVER_A_THIRD: Ratio = { numerator: 1n, denominator: 3n };

/** More than this part is the greater part of work, or of money. */
export const OVER_A_HALF: Ratio = { numerator: 1n, denominator: 2n };

/** Stretches a Lorenz curve is drawn with: finer than a chart of this page shows. */
export const LORENZ_STEPS = 32;

/** A point of a Lorenz curve, in ten-thousandths, each rounded down. */
export interface LorenzPoint {
  /** Part of the holders, those with least first. */
  readonly holders: number;
  /** Part of the whole that they have. */
  readonly share: number;
}

/** How a whole is spread over its holders. */
export interface Measure {
  /** Those with more than nothing. */
  readonly holders: number;
  readonly total: bigint;
  readonly gini: Ratio;
  /** Least number of holders with more than `over` of the whole. */
  readonly nakamoto: number;
  readonly over: Ratio;
  /** What the greatest holder has, in ten-thousandths of the whole. */
  readonly greatest: number;
  /** From (0, 0) to (10,000, 10,000), at most `LORENZ_STEPS` + 1 points. */
  readonly lorenz: readonly LorenzPoint[];
}

/**
 * Measures a distribution; undefined where nobody has anything. Who has nothing is no holder: how
 * many there are of them is no fact of the ledger, since an account costs nothing to think of.
 * @param over  at least 0 and less than 1
 */
export function measureOf(amounts: readonly bigint[], over: Ratio): Measure | undefined {
  const held = ascending(amounts.filter((amount) => amount > 0n));
  const gini = giniOf(held);
  if (gini === undefined) return undefined;
  const total = held.reduce((sum, amount) => sum + amount, 0n);
  return {
    holders: held.length,
    total,
    gini,
    nakamoto: holdersOver(held, total, over),
    over,
    greatest: tenThousandths({ numerator: held[held.length - 1], denominator: total }),
    lorenz: lorenzOf(held, total),
  };
}

function holdersOver(held: readonly bigint[], total: bigint, over: Ratio): number {
  let sum = 0n;
  for (let count = 1; count <= held.length; count += 1) {
    sum += held[held.length - count];
    if (sum * over.denominator > total * over.numerator) return count;
  }
  return held.length;
}

function lorenzOf(held: readonly bigint[], total: bigint): LorenzPoint[] {
  const steps = Math.min(LORENZ_STEPS, held.length);
  const points: LorenzPoint[] = [{ holders: 0, share: 0 }];
  let sum = 0n;
  let counted = 0;
  for (let step = 1; step <= steps; step += 1) {
    const end = Math.floor((step * held.length) / steps);
    for (; counted < end; counted += 1) sum += held[counted];
    points.push({
      holders: Math.floor((10_000 * end) / held.length),
      share: Number((10_000n * sum) / total),
    });
  }
  return points;
}
