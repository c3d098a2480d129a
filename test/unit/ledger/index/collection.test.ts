import { describe, expect, it } from "vitest";
import { dueEpoch, listCountOf, outgrown } from "../../../../src-main/ledger/index/collection.ts";

const row = (live: bigint, builtAt: bigint, dimension = 128) => ({
  dimension,
  metric: 0,
  entries: live,
  live,
  builtAt,
  centroidsRoot: new Uint8Array(32),
  listsRoot: new Uint8Array(32),
  building: undefined,
});

describe("ledger/index/collection", () => {
  it.each([
    [0n, 1],
    [255n, 1],
    [256n, 16],
    // 24² = 576 lies as near to 16 as to 32: the lower.
    [576n, 16],
    [577n, 32],
    [2_304n, 32],
    [2_305n, 64],
    [50_000n, 256],
    [589_824n, 512],
    [589_825n, 1_024],
    [1n << 60n, 1_024],
  ])("cuts %d entries into %d lists", (entries, lists) => {
    expect(listCountOf(entries)).toBe(lists);
  });

  it("is outgrown at 256 live entries, then at twice those of the last build", () => {
    const states: readonly (readonly [bigint, bigint, boolean])[] = [
      [255n, 0n, false],
      [256n, 0n, true],
      [599n, 300n, false],
      [600n, 300n, true],
    ];
    for (const [live, builtAt, is] of states) expect(outgrown(row(live, builtAt))).toBe(is);
    const building = { size: 1n, live: 300n, dueEpoch: 1n };
    expect(outgrown({ ...row(900n, 300n), building })).toBe(false);
  });

  it("waits an epoch from 4,096 entries on, or where the work is large", () => {
    expect(dueEpoch(row(4_095n, 256n), 3n)).toBe(3n);
    expect(dueEpoch(row(4_096n, 256n), 3n)).toBe(5n);
    // 1,024 entries × 32 lists × 7 passes fit up to 1,170 numbers.
    expect(dueEpoch(row(1_024n, 256n, 1_170), 3n)).toBe(3n);
    expect(dueEpoch(row(1_024n, 256n, 1_171), 3n)).toBe(5n);
  });
});
