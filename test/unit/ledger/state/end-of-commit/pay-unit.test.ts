import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WORKERS } from "../../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../../worlds/unit-life.ts";

/** What a unit of this price paid, by share. */
function paid(world: PracticeWorld, priceBase: bigint): Record<string, bigint> {
  const specification = smallSpecification({ unitPriceBase: priceBase, unitBondBase: 0n });
  new UnitLife(world, { specification, escrowBase: priceBase }).until("verdict").take("verdict");
  const effects = world.commits.at(-1)?.effects.map(({ effect }) => effect) ?? [];
  const shares: Record<string, bigint> = {};
  for (const effect of effects) {
    if (effect.kind === "paid") shares[effect.share] = effect.amountBase;
  }
  return shares;
}

describe("ledger/state/end-of-commit/pay-unit", () => {
  it("pays 85, 10 and 5 percent, to the last base unit of the price", () => {
    const shares = paid(new PracticeWorld(), 101n);
    expect(shares).toEqual({ worker: 85n, verifiers: 10n, pool: 6n });
  });

  it("never pays more for work split over several units or accounts", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        const world = new PracticeWorld();
        const [one, two, both] = [left, right, left + right].map((price) => paid(world, price));
        expect(one.worker + two.worker).toBeLessThanOrEqual(both.worker);
        expect(one.verifiers + two.verifiers).toBeLessThanOrEqual(both.verifiers);
      }),
      { numRuns: 8 },
    );
  });

  it("does not count a private job towards capacity", () => {
    const world = new PracticeWorld();
    paid(world, 100n);
    expect(world.row(WORKERS, world.address.worker)?.verifiedUnits).toBe(0n);
  });
});
