import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ReportInstrument } from "../../../../../src-main/contract/energy-report.ts";
import { EMPTY_STORE } from "../../../../../src-main/energy/index.ts";
import type { StoreContent } from "../../../../../src-main/energy/index.ts";
import { instantText, instrumentsOfTime } from "../../../../../src-main/energy/report/index.ts";
import { matchedWh } from "../../../../../src-main/energy/report/totals.ts";
import { spanRows } from "../../../../../src-main/processes/daemon/energy/energy-rows.ts";
import type { RowNeeds } from "../../../../../src-main/processes/daemon/energy/energy-rows.ts";
import {
  CERTIFICATE,
  DAY_END,
  DAY_START,
  dayReport,
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
  sinceMs: () => 0,
  contentAt: () => inside,
  signals: { factor: () => null } as unknown as RowNeeds["signals"],
  attributes: "retained",
  instruments: () => [],
  zone: undefined,
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

  it("leaves out what was made while it is not known what it took", () => {
    const given = needs();
    const late = DAY_START + HOUR + HOUR / 2;
    const blind: RowNeeds = {
      ...given,
      rows: (source, fromMs, toMs) =>
        given
          .rows(source, fromMs, toMs)
          .filter(({ startMs }) => source !== "store-to" || startMs < late),
    };
    const surplus = hours(blind).rows.map((row) => row.surplusMillijoules);
    // 700 Wh less 300 that are known to have gone in; half of the rest is not known.
    expect(surplus[1]).toBe(0.1 * KWH);
    const { rows } = hours({ ...blind, sinceMs: () => DAY_START + 2 * HOUR });
    expect(rows[1].surplusMillijoules).toBe(0.3 * KWH);
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

/** Twelfths of a kWh an hour, so that every row of five minutes is whole Wh. */
const watts = fc.array(
  fc.integer({ min: 0, max: 40 }).map((twelve) => 12 * twelve),
  {
    minLength: 24,
    maxLength: 24,
  },
);

/** Certificates of any kind, zone and length; most count nowhere. */
const certificate = fc
  .record({
    type: fc.constantFrom("GC" as const, "GC" as const, "GO" as const),
    zone: fc.constantFrom("DE", "DE", "FR"),
    volume_wh: fc.integer({ min: 1, max: 700 }),
    startMinutes: fc.integer({ min: -3, max: 24 * 4 }).map((quarter) => 15 * quarter),
    minutes: fc.constantFrom(5, 15, 30, 60, 90),
  })
  .map(({ startMinutes, minutes, ...rest }): ReportInstrument => {
    const from = DAY_START + startMinutes * 60_000;
    const [gen_start, gen_end] = [from, from + minutes * 60_000].map(instantText);
    return { ...CERTIFICATE, ...rest, gen_start, gen_end };
  });

describe("processes/daemon/energy/energy-rows, beside the report of the same time", () => {
  it("matches in every row what the report matches in it, certificates included", () => {
    fc.assert(
      fc.property(
        fc.tuple(watts, watts),
        fc.array(certificate, { maxLength: 90 }),
        fc.constantFrom("retained" as const, "sold" as const),
        fc.constantFrom(300 as const, 900 as const, 1_800 as const, 3_600 as const),
        ([load, own], kept, attributes, stepSeconds) => {
          const sources = [
            plugSource(rowsOf("plug-desk", (hour) => load[hour])),
            roofSource(rowsOf("roof", (hour) => own[hour])),
          ];
          const rowsIn: RowNeeds["rows"] = (source, fromMs, toMs) =>
            sources
              .flatMap(({ rows }) => rows)
              .filter((row) => row.source === source)
              .filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
          const given: RowNeeds = {
            ...needs(),
            identities: sources.map(({ identity }) => identity),
            rows: rowsIn,
            attributes,
            instruments: (fromMs, toMs) => instrumentsOfTime(kept, fromMs, toMs),
            zone: "DE",
          };
          const instruments = instrumentsOfTime(kept, DAY_START, DAY_END);
          const change = { sources, instruments, ownAttributes: attributes, stepSeconds };
          const report = dayReport({ ...change, work: [] });
          const told = spanRows(given, DAY_START, DAY_END, stepSeconds * 1_000);
          const inReport = report.intervals.map((one) => Number(matchedWh(one, attributes)));
          const WH = KWH / 1_000;
          expect(told.rows.map((row) => row.matchedMillijoules / WH)).toEqual(inReport);
          expect(told.totals.matchedMillijoules / WH).toBe(report.totals.matched_wh);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("counts a certificate in its hour and zone alone, up to the load, a sold plant too", () => {
    const [load] = [plugSource(rowsOf("plug-desk", () => 120))];
    const given = (change: Partial<RowNeeds>): RowNeeds => ({
      ...needs(),
      identities: [load.identity],
      rows: (source, fromMs, toMs) =>
        load.rows.filter(
          (row) => row.source === source && row.startMs >= fromMs && row.startMs < toMs,
        ),
      attributes: "sold",
      instruments: () => [{ ...CERTIFICATE, volume_wh: 100 }],
      zone: "DE",
      ...change,
    });
    const at = DAY_START + 19 * HOUR;
    const matched = (change: Partial<RowNeeds> = {}): number[] =>
      spanRows(given(change), at, at + 3 * HOUR, HOUR).rows.map((row) => row.matchedMillijoules);
    expect(matched()).toEqual([0, 0.1 * KWH, 0]);
    expect(matched({ zone: "FR" })).toEqual([0, 0, 0]);
    expect(matched({ zone: undefined })).toEqual([0, 0, 0]);
    const large = { ...CERTIFICATE, volume_wh: 900 };
    expect(matched({ instruments: () => [large] })).toEqual([0, 0.12 * KWH, 0]);
    const day = spanRows(given({}), DAY_START, DAY_END, 24 * HOUR);
    expect(day.rows[0].matchedMillijoules).toBe(0.1 * KWH);
  });
});
