/** What a report of a time rests on, from a store on disk: sources, signals, certificates. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openEnergyDatabase } from "../../../src-main/adapters/disk/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { mergedRow } from "../../../src-main/energy/index.ts";
import { checkReport, makeReport, signReport } from "../../../src-main/energy/report/index.ts";
import type { EnergyStore } from "../../../src-main/ports/energy-store.ts";
import type { MeterIdentity } from "../../../src-main/ports/meter.ts";
import { keepCertificate } from "../../../src-main/processes/daemon/reports/kept-certificates.ts";
import { planReport } from "../../../src-main/processes/daemon/reports/plan-report.ts";
import * as world from "../../worlds/energy-day.ts";
import { must } from "../../worlds/practice-world.ts";

const { ACCOUNT, CERTIFICATE, DAY_END, DAY_START, KEY, PANELS, PLUG, STATEMENT } = world;
const HOUR = 3_600_000;
const QUARTER = HOUR / 4;

let folder: string;
let store: EnergyStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-plan-"));
  store = openEnergyDatabase(folder, { merge: mergedRow });
  store.identify(DAY_START, PLUG);
  store.write({ rows: world.rowsOf("plug-desk", () => 100), states: [] });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The report of a time of the day, and what a check says of it. */
function reported(fromMs: number, toMs: number, residualMilligrams: number | null = null) {
  const needs = {
    hasher: sha256,
    store,
    node: {},
    settings: { zone: "DE", location: null, attributes: "retained", residualMilligrams },
    statement: STATEMENT,
    account: ACCOUNT,
    serialSecret: KEY.secret,
    software: { name: "vivian-miner", version: "0.1.0", build: `sha256:${"00".repeat(32)}` },
    chipOf: () => ({ name: "a processor", chipClass: "cpu" }),
    certificates: join(folder, "certificates"),
    datasets: () => ({ dataset: "a table of 2025", licence: "ODbL-1.0" }),
  } as unknown as Parameters<typeof planReport>[0];
  const asked = { fromMs, toMs, stepSeconds: 900 } as const;
  const report = signReport(
    must(makeReport(sha256, planReport(needs, asked, { seq: 0, prev: null, former: [] }))),
    KEY,
  );
  const checked = checkReport(report, {
    hasher: sha256,
    facts: null,
    previous: null,
    nowMs: DAY_END,
  });
  return { report, codes: checked.contradictions.map(({ code }) => code) };
}

const load = (report: ReturnType<typeof reported>["report"]) =>
  report.sources.find(({ id }) => id === "plug-desk");

describe("what a report rests on", () => {
  it("has the factor of an hour that began before it did, and says whose data it is", () => {
    store.putSignals(world.hourly("carbon-average", () => 300_000));
    const { report, codes } = reported(DAY_START + QUARTER, DAY_START + HOUR);
    expect(report.intervals.map(({ grid_g_per_kwh }) => grid_g_per_kwh)).toEqual([300, 300, 300]);
    expect(report.totals.location_g).toBe(22.5);
    expect(report.sources.find(({ role }) => role === "grid-signal")).toMatchObject({
      dataset: "a table of 2025",
      licence: "ODbL-1.0",
    });
    expect(codes).toEqual([]);
  });

  it("has both totals where the owner states the residual mix, as the daemon shows them", () => {
    expect(reported(DAY_START, DAY_START + HOUR).report.totals.market_g).toBeNull();
    const { report, codes } = reported(DAY_START, DAY_START + HOUR, 500_000);
    expect(report.totals.market_g).toBe(50);
    const stated = report.sources.find(({ kind }) => kind === "declared");
    expect(stated).toMatchObject({ role: "grid-signal", tier: "E-declared" });
    expect(codes).toEqual([]);
  });

  it("is no better than the weakest meter that stood under a name in its time", () => {
    const declared: MeterIdentity = {
      ...PLUG,
      kind: "declared",
      tier: "E",
      uncertaintyPercent: 100,
    };
    store.identify(DAY_START + 6 * HOUR, declared);
    store.identify(DAY_START + 12 * HOUR, PLUG);
    const { report, codes } = reported(DAY_START, DAY_END);
    expect(load(report)).toMatchObject({ tier: "E-declared", uncertainty_pct: 100 });
    expect(report.totals.measured_share).toBe(0);
    expect(codes).toEqual([]);
    expect(load(reported(DAY_START, DAY_START + HOUR).report)?.tier).toBe("B-metered");
  });

  it("counts no row that its source left behind in another role", () => {
    store.identify(DAY_START, PANELS);
    store.write({ rows: world.rowsOf("roof", () => 100), states: [] });
    store.identify(DAY_START + 12 * HOUR, { ...PANELS, role: "load", boundary: "wall" });
    const rows = reported(DAY_START + 11 * HOUR, DAY_START + 13 * HOUR).report.intervals;
    expect(rows.every(({ own_wh, own_src }) => own_wh === 0 && own_src === undefined)).toBe(true);
    const before = reported(DAY_START + 11 * HOUR, DAY_START + 12 * HOUR).report;
    expect(before.intervals.reduce((sum, { own_wh }) => sum + own_wh, 0)).toBe(100);
  });

  it("leaves out a certificate that was claimed for another account", () => {
    const place = join(folder, "certificates");
    keepCertificate(place, "ab".repeat(32), CERTIFICATE);
    const others = { ...CERTIFICATE, ids: ["x"], beneficiary: `0x${"77".repeat(20)}` };
    keepCertificate(place, "cd".repeat(32), others);
    expect(reported(DAY_START, DAY_END).report.instruments).toEqual([CERTIFICATE]);
  });
});
