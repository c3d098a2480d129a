/**
 * Gini coefficients that others published with the shares they come from:
 *  - a worksheet of 20 incomes that states 0.38625 (docstoc.com, document 10699438, "GINI");
 *  - two people with 10,000 and 40,000, stated as 0.3 (justaaa.com, economics 23151);
 *  - two countries of five groups each and one total, both stated as 0.2 (Wikipedia, "Gini
 *    coefficient", table of different distributions with the same index).
 */

import { describe, expect, it } from "vitest";
import { giniOf } from "../../src-main/ledger/concentration/index.ts";

const WORKSHEET = [
  1_000, 3_000, 4_000, 5_000, 6_000, 8_000, 8_000, 9_000, 11_000, 12_000, 14_000, 17_000, 19_000,
  21_000, 23_000, 27_000, 29_000, 32_000, 33_000, 38_000,
];

const PUBLISHED: readonly [string, readonly number[], number][] = [
  ["20 incomes", WORKSHEET, 38_625],
  ["two people", [10_000, 40_000], 30_000],
  ["country A", [20_000, 30_000, 40_000, 50_000, 60_000], 20_000],
  ["country B", [9_000, 40_000, 48_000, 48_000, 55_000], 20_000],
];

describe("published Gini coefficients", () => {
  it.each(PUBLISHED)("%s", (_, incomes, hundredThousandths) => {
    const gini = giniOf(incomes.map(BigInt));
    expect(gini).toBeDefined();
    // Exactly what was stated: every one of them ends within five decimals.
    expect((gini?.numerator ?? 0n) * 100_000n).toBe(
      (gini?.denominator ?? 1n) * BigInt(hundredThousandths),
    );
  });
});
