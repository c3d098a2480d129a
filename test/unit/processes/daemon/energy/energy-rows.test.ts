import { describe, expect, it } from "vitest";

import { EMPTY_STORE } from "../../../../../src-main/energy/index.ts";
import type { StoreContent } from "../../../../../src-main/energy/index.ts";
import { spanRows } from "../../../../../src-main/processes/daemon/energy/energy-rows.ts";
import type { RowNeeds } from "../../../../../src-main/processes/daemon/energy/energy-rows.ts";
import {
  DAY_START,
  plugSource,
  roofSource,
  rowsOf,
  storeSource,
} from "../../../../worlds/energy-day.ts";

const HOUR = 3_600_000;
const KWH = 3_600_000_000;

/** Watts by the hour: by the grid, by the roof, and out again; 100 W of load all the time. */
const SOURCES = [
  plugSource(rowsOf("plug-desk", () => 100)),
  roofSource(rowsOf("roof", (hour) => [0, 700, 0][hour] ?? 0)),
  storeSource("to", (hour) => [300, 600, 0][hour] ?? 0),
  storeSource("from", (hour) => [0, 0, 450][hour] ?? 0),
];

const needs = (inside: StoreContent = EMPTY_STORE, capacityWattHours?: number): RowNeeds => ({
  identities: SOURCES.map(({ identity }) =>
    identity.role !== "storage" || capacityWattHours === undefined
      ? identity
      : { ...identity, capacityWattHours },
  ),
  rows: (source, fromMs, toMs) =>
    SOURCES.flatMap(({ rows }) => rows).filter(
      (row) => row.source === source && row.startMs >= fromMs && row.startMs < toMs,
    ),
  contentAt: () => inside,
  signals: { factor: () => null } as unknown as RowNeeds["signals"],
  attributes: "retained",
  residualMilligrams: null,
  priceAt: () => null,
  currency: null,
});

const hours = (given: RowNeeds, stepMs = HOUR) =>
  spanRows(given, DAY_START, DAY_START + 3 * HOUR, stepMs);

describe("processes/daemon/energy/energy-rows, with a battery", () => {
  it("counts what it gives by what charged it", () => {
    const { rows, totals } = hours(needs());
    expect(rows.map((row) => [row.matchedMillijoules, row.gridMillijoules])).toEqual([
      [0, 0.1 * KWH],
      [0.1 * KWH, 0],
      [0.1 * KWH, 0],
    ]);
    // A third of what was inside was the grid's.
    expect(rows[2].storageMillijoules).toBe(0.3 * KWH);
    expect(rows[1].surplusMillijoules).toBe(0);
    expect(totals.matchedMillijoules).toBe(0.2 * KWH);
  });

  it("follows what was inside before, and what it can hold", () => {
    const grid = hours(needs({ own: 0, other: 9 * KWH })).rows[2];
    expect(grid.storageMillijoules).toBe(Math.floor((0.45 * KWH * 0.6) / 9.9));
    expect(grid.gridMillijoules).toBe(0.1 * KWH - (grid.storageMillijoules ?? 0));
    const held = hours(needs({ own: 0, other: 9 * KWH }, 600)).rows[2];
    // The roof's 600 Wh met a store full of the grid's; half of each can stay.
    expect(held.storageMillijoules).toBe(0.225 * KWH);
  });

  it("is in rows of five minutes what it is in hours where one thing happens at a time", () => {
    const fine = hours(needs(), 300_000);
    const sum = fine.rows.reduce((all, row) => all + (row.storageMillijoules ?? 0), 0);
    // Each row is rounded down by less than a millijoule.
    expect(0.3 * KWH - sum).toBeLessThanOrEqual(12);
    expect(sum).toBeLessThanOrEqual(0.3 * KWH);
  });
});
