import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { EMPTY_STORE, mixedFlow } from "../../../../src-main/energy/sources/index.ts";
import type { StoreContent, StoreFlow } from "../../../../src-main/energy/sources/index.ts";

const flow = (generated: number, charged: number, discharged: number): StoreFlow => ({
  generated,
  charged,
  discharged,
});

/** What the own plant had charged of each row's discharge, row after row. */
function given(rows: readonly StoreFlow[], capacity: number | null = null): number[] {
  let content: StoreContent = EMPTY_STORE;
  return rows.map((row) => {
    const mixed = mixedFlow(content, row, capacity);
    content = mixed.content;
    return mixed.ownDischarged;
  });
}

describe("energy/sources/storage-mix", () => {
  it("gives back as the own plant's what the own plant put in, and nothing of the grid's", () => {
    expect(given([flow(1_000, 800, 0), flow(0, 0, 800)])).toEqual([0, 800]);
    expect(given([flow(0, 800, 0), flow(0, 0, 800)])).toEqual([0, 0]);
  });

  it("gives back a mix as a mix", () => {
    const rows = [flow(600, 600, 0), flow(0, 400, 0), flow(0, 0, 500), flow(0, 0, 500)];
    expect(given(rows)).toEqual([0, 0, 300, 300]);
    // Of one row's charge the own plant's generation is first.
    expect(given([flow(250, 1_000, 0), flow(0, 0, 1_000)])).toEqual([0, 250]);
  });

  it("counts what was never seen going in as the grid's", () => {
    expect(given([flow(0, 0, 500)])).toEqual([0]);
    expect(given([flow(100, 100, 0), flow(0, 0, 500), flow(0, 0, 1)])).toEqual([0, 100, 0]);
  });

  it("lets go of what a full store cannot hold, in the mix that it had", () => {
    const night = flow(0, 900, 0);
    const day = flow(300, 300, 0);
    expect(given([day, night, flow(0, 0, 1_200)], null)).toEqual([0, 0, 300]);
    expect(given([day, night, flow(0, 0, 1_200)], 800)).toEqual([0, 0, 200]);
  });

  it("never gives back more of the own plant's than it took, nor more than was given", () => {
    const amount = fc.nat({ max: 2 ** 47 });
    const small = fc.nat({ max: 5 });
    const row = fc.oneof(
      fc.record({ generated: amount, charged: amount, discharged: amount }),
      fc.record({ generated: small, charged: small, discharged: small }),
    );
    const capacities = fc.option(fc.integer({ min: 1, max: 2 ** 40 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), capacities, (rows, capacity) => {
        let content: StoreContent = EMPTY_STORE;
        let [taken, back, all] = [0, 0, 0];
        for (const one of rows) {
          const mixed = mixedFlow(content, one, capacity);
          content = mixed.content;
          taken += mixed.ownCharged;
          back += mixed.ownDischarged;
          all += one.charged - one.discharged;
          expect(mixed.ownCharged).toBeLessThanOrEqual(Math.min(one.charged, one.generated));
          expect(mixed.ownDischarged).toBeLessThanOrEqual(one.discharged);
          expect(Math.min(content.own, content.other)).toBeGreaterThanOrEqual(0);
          if (capacity !== null) expect(content.own + content.other).toBeLessThanOrEqual(capacity);
        }
        expect(back + content.own).toBeLessThanOrEqual(taken);
        if (capacity === null) expect(content.own + content.other).toBeGreaterThanOrEqual(all);
      }),
    );
  });
});
