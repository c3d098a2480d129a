import { describe, expect, it } from "vitest";

import type { EnergyRow } from "../../../../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../../../../src-main/ports/meter.ts";
import {
  followedFrom,
  storeCapacityWh,
  StoreContents,
} from "../../../../../src-main/processes/daemon/energy/store-content.ts";
import { PANELS } from "../../../../worlds/energy-day.ts";

const DAY = 86_400_000;
const WH = 3_600_000;
/** A day in the middle of June. */
const NOW = Date.UTC(2026, 5, 20, 12);

const store = (direction: "from" | "to", capacityWattHours?: number): MeterIdentity => ({
  ...PANELS,
  id: `store-${direction}`,
  role: "storage",
  direction,
  ...(capacityWattHours === undefined ? {} : { capacityWattHours }),
});
const IDENTITIES = [PANELS, store("from"), store("to")];

/** Rows by source and moment, in Wh; counts how often they are read. */
function world(wattHours: Readonly<Record<string, Readonly<Record<number, number>>>>) {
  let reads = 0;
  const rows = (source: string, fromMs: number, toMs: number): EnergyRow[] => {
    reads += 1;
    return Object.entries(wattHours[source] ?? {})
      .map(([ms, wh]) => ({ startMs: Number(ms), millijoules: wh * WH }) as EnergyRow)
      .filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
  };
  return { rows, reads: () => reads };
}

describe("processes/daemon/energy/store-content", () => {
  it("is what rows since the month before put in and did not take out", () => {
    const { rows } = world({
      roof: { [Date.UTC(2026, 4, 3)]: 500 },
      "store-to": { [Date.UTC(2026, 4, 3)]: 500, [Date.UTC(2026, 5, 19)]: 300 },
      "store-from": { [Date.UTC(2026, 5, 1)]: 100 },
    });
    const contents = new StoreContents(() => NOW);
    const at = (ms: number) => contents.at({ identities: IDENTITIES, rows }, ms);
    expect(at(Date.UTC(2026, 4, 3))).toEqual({ own: 0, other: 0 });
    expect(at(Date.UTC(2026, 4, 4))).toEqual({ own: 500 * WH, other: 0 });
    expect(at(NOW)).toEqual({ own: 400 * WH, other: 300 * WH });
    // The month after next knows nothing of May.
    expect(at(Date.UTC(2026, 6, 1))).toEqual({ own: 0, other: 300 * WH });
  });

  it("begins with the month before, over a year's end too", () => {
    expect(followedFrom(NOW)).toBe(Date.UTC(2026, 4, 1));
    expect(followedFrom(Date.UTC(2026, 0, 31))).toBe(Date.UTC(2025, 11, 1));
  });

  it("reads days that no longer change once, and the last days each time", () => {
    const { rows, reads } = world({});
    const contents = new StoreContents(() => NOW);
    const sources = { identities: IDENTITIES, rows };
    contents.at(sources, NOW);
    const first = reads();
    expect(first).toBe(3 * 51);
    contents.at(sources, NOW);
    // Two days and a half, three sources each.
    expect(reads() - first).toBe(9);
    // Another meter is another sum.
    contents.at({ ...sources, identities: IDENTITIES.slice(1) }, NOW);
    expect(reads() - first).toBe(9 + 2 * 51);
  });

  it("sees what a late row adds to a day that is not settled", () => {
    const taken: Record<number, number> = {};
    const { rows } = world({ roof: taken, "store-to": taken });
    const contents = new StoreContents(() => NOW);
    const sources = { identities: IDENTITIES, rows };
    expect(contents.at(sources, NOW).own).toBe(0);
    taken[NOW - DAY] = 70;
    expect(contents.at(sources, NOW).own).toBe(70 * WH);
  });

  it("holds what all stores hold, once for both their ways, where all say it", () => {
    expect(storeCapacityWh([PANELS, store("from", 5_000), store("to", 5_000)])).toBe(5_000);
    const other = { ...store("from", 2_000), id: "other" };
    expect(storeCapacityWh([store("from", 5_000), other])).toBe(7_000);
    expect(storeCapacityWh([store("from"), other])).toBeNull();
    expect(storeCapacityWh([PANELS, store("to", 5_000)])).toBeNull();
  });

  it("is nothing without a store, and asks for no row", () => {
    const { rows, reads } = world({ roof: { [NOW - DAY]: 5 } });
    const contents = new StoreContents(() => NOW);
    expect(contents.at({ identities: [PANELS], rows }, NOW)).toEqual({ own: 0, other: 0 });
    expect(reads()).toBe(0);
  });
});
