import { describe, expect, it } from "vitest";

import { REPORT_TEXT_MAX } from "../../../../src-main/contract/energy-report.ts";
import type { ReportAnchor } from "../../../../src-main/contract/energy-report.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { fitReport } from "../../../../src-main/energy/report/fit-report.ts";
import { canonicalText, makeReport, readReport } from "../../../../src-main/energy/report/index.ts";
import type { ReportPlan, UnsignedReport } from "../../../../src-main/energy/report/index.ts";
import {
  DAY_START,
  dayPlan,
  dayReport,
  hourly,
  plugSource,
  roofSource,
  STATEMENT,
  UNIT,
} from "../../../worlds/energy-day.ts";
import { anchoredRow } from "../../../../src-main/energy/report/day-tree.ts";

const DAY_MS = 86_400_000;
const HASH = "ab".repeat(32);

/** A day's root; with the rows of both meters, as they are shown. */
function anchor(day: number, isShown: boolean): ReportAnchor {
  const rows = [plugSource(), roofSource()].flatMap((source) =>
    source.rows.map((row) => anchoredRow({ row, role: source.identity.role, tier: "B" })),
  );
  const disclosed = rows.map((row, at) => ({ index: at + 1, salt: "cd".repeat(16), row }));
  return {
    day: new Date(DAY_START + day * DAY_MS).toISOString().slice(0, 10),
    slot: 1_000_000 + day,
    root: HASH,
    rows: rows.length,
    key: STATEMENT,
    key_path: new Array<string>(10).fill(HASH),
    ...(isShown ? { leaves: new Array<string>(rows.length + 1).fill(HASH), disclosed } : {}),
  };
}

/** Every interval of the week is as full as those of the day. */
const week = (anchors: readonly ReportAnchor[], units = 1) => {
  const rows = (one: ReturnType<typeof plugSource>) => ({
    ...one,
    rows: Array.from({ length: 7 }, (_, day) =>
      one.rows.map((row) => ({ ...row, startMs: row.startMs + day * DAY_MS })),
    ).flat(),
  });
  const signals: ReportPlan["signals"] = (kind) =>
    kind === "price"
      ? []
      : Array.from({ length: 7 }, (_, day) =>
          hourly(kind, (hour) => 300_007 + hour).map((row) => ({
            ...row,
            startMs: row.startMs + day * DAY_MS,
            endMs: row.endMs + day * DAY_MS,
          })),
        ).flat();
  return dayReport({
    signals,
    toMs: DAY_START + 7 * DAY_MS,
    stepSeconds: 300,
    sources: [rows(plugSource()), rows(roofSource())],
    work: Array.from({ length: units }, (_, at) => ({ ...UNIT, energy_mj: 1_000_000 + at })),
    anchors,
  });
};

describe("energy/report/fit-report", () => {
  it("keeps all of a day, rows and units", () => {
    const report = dayReport({ stepSeconds: 300, anchors: [anchor(0, true)] });
    expect(report.anchors?.[0].disclosed).toHaveLength(576);
    expect(report.work).toHaveLength(1);
  });

  it("leaves rows out of a week by five minutes, so that it can be read", () => {
    const anchors = Array.from({ length: 7 }, (_, day) => anchor(day, day < 2));
    const report = week(anchors, 60);
    const text = canonicalText(report);
    expect(text.length).toBeLessThanOrEqual(REPORT_TEXT_MAX);
    expect(readReport(text)).toMatchObject({ ok: true });
    expect(report.intervals).toHaveLength(2_016);
    expect(report.anchors).toHaveLength(7);
    expect(report.work).toHaveLength(60);
    // Two days of rows had no room, one had.
    const shown = report.anchors?.map(({ disclosed }) => disclosed !== undefined);
    expect(shown?.filter(Boolean).length).toBeLessThan(2);
    const withAll = { ...report, anchors };
    expect(canonicalText(withAll).length).toBeGreaterThan(REPORT_TEXT_MAX);
    expect(readReport(canonicalText(withAll))).toMatchObject({ ok: false });
  });

  it("keeps the newest units and days where not all have room", () => {
    const report = week(
      Array.from({ length: 7 }, (_, day) => anchor(day, false)),
      512,
    );
    const energies = report.work?.map(({ energy_mj }) => energy_mj) ?? [];
    expect(energies.length).toBeGreaterThan(100);
    expect(energies.length).toBeLessThan(512);
    expect(energies.at(-1)).toBe(1_000_000 + 511);
    expect(energies[0]).toBe(1_000_000 + 512 - energies.length);
    expect(readReport(canonicalText(report))).toMatchObject({ ok: true });
  });

  it("is not made where its intervals alone are too long", () => {
    const made = makeReport(sha256, dayPlan({ work: [] }));
    if (!made.ok) throw new Error("a day is made");
    const many = new Array(2_208).fill({ ...made.value.intervals[0], load_src: "x".repeat(128) });
    const base: UnsignedReport = { ...made.value, intervals: many };
    expect(fitReport(base, { work: [], anchors: [] })).toMatchObject({
      ok: false,
      rejection: { code: "ENERGY_REPORT_PERIOD", facts: { steps: 2_208 } },
    });
  });
});
