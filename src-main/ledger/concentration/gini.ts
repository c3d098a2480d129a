/**
 * Decides how unequal shares are: the Gini coefficient as a reduced fraction of whole numbers. It
 * stands in the ledger's room because its inputs are rows and effects of the ledger and the page
 * recomputes with the same code; nothing executed or agreed upon depends on it.
 *
 *   G = (2 · Σ i·x_i − (n + 1) · Σ x_i) ÷ (n · Σ x_i),  x ascending, i from 1
 *
 * which is half the mean absolute difference over the mean (Gini 1912; Sen 1973). 0: all have the
 * same; (n − 1) ÷ n: one has all.
 */

import { invariant } from "../../contract/outcome.ts";

/** A fraction without common factors; the denominator is above zero. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Whole amounts, ascending. */
export function ascending(amounts: readonly bigint[]): bigint[] {
  return [...amounts].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/**
 * The Gini coefficient; undefined where nobody has anything, for which it has no meaning.
 * @param amounts  none below zero; those that are zero count as holders who have nothing
 */
export function giniOf(amounts: readonly bigint[]): Ratio | undefined {
  let weighted = 0n;
  let total = 0n;
  for (const [index, amount] of ascending(amounts).entries()) {
    invariant(amount >= 0n, "a share is not below zero");
    weighted += BigInt(index + 1) * amount;
    total += amount;
  }
  if (total === 0n) return undefined;
  const count = BigInt(amounts.length);
  return reduced(2n * weighted - (count + 1n) * total, count * total);
}

/** The nearest whole number of ten-thousandths; the upper one of two equally near. */
export function tenThousandths({ numerator, denominator }: Ratio): number {
  return Number((20_000n * numerator + denominator) / (2n * denominator));
}

function reduced(numerator: bigint, denominator: bigint): Ratio {
  let [divisor, rest] = [denominator, numerator];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}
