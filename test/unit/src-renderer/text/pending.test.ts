import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { JobDetail, UnitPhase } from "../../../../src-main/contract/control-api/index.ts";
import { splitPrice } from "../../../../src-main/learning/index.ts";
import { pendingOf } from "../../../../src-renderer/text/pending.ts";
import { SAMPLE_UNIT } from "../../processes/cli/sample-status.ts";

const jobOf = (priceBase: bigint) =>
  ({ job: SAMPLE_UNIT.job, priceBase: String(priceBase) }) as JobDetail;
const inPhase = (phase: UnitPhase) => ({ ...SAMPLE_UNIT, phase });

describe("pendingOf", () => {
  it("is the worker's share of the price, as the ledger splits it", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 100n }), (price) => {
        const { worker } = splitPrice(price);
        expect(pendingOf([jobOf(price)], inPhase("sealed"))).toBe(worker);
      }),
    );
  });

  it.each(["assigned", "training", "paid", "voided", "disputed"] as const)(
    "counts nothing of a unit that is %s",
    (phase) => expect(pendingOf([jobOf(100n)], inPhase(phase))).toBeNull(),
  );

  it.each(["sealed", "revealed", "challenged", "verifying", "accepted"] as const)(
    "counts a unit that is %s",
    (phase) => expect(pendingOf([jobOf(100n)], inPhase(phase))).toBe(85n),
  );

  it("counts nothing without a unit, and nothing of a job whose price is not known", () => {
    expect(pendingOf([jobOf(100n)], null)).toBeNull();
    expect(pendingOf([], inPhase("sealed"))).toBeNull();
  });
});
