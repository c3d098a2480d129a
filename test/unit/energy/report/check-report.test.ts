import { describe, expect, it } from "vitest";
import type { EnergyReport } from "../../../../src-main/contract/energy-report.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { canonicalText } from "../../../../src-main/energy/report/canonical.ts";
import {
  checkReport,
  checkText,
  readReport,
} from "../../../../src-main/energy/report/check-report.ts";
import { reportDigest } from "../../../../src-main/energy/report/index.ts";
import type { CheckNeeds } from "../../../../src-main/energy/report/index.ts";
import { totalsOf } from "../../../../src-main/energy/report/totals.ts";
import {
  DAY_END,
  dayReport,
  millSource,
  plugSource,
  roofSource,
  signedAnew,
} from "../../../worlds/energy-day.ts";

const needs: CheckNeeds = { hasher: sha256, facts: null, previous: null, nowMs: DAY_END };

const codesOf = (report: EnergyReport, change: Partial<CheckNeeds> = {}): string[] => [
  ...new Set(checkReport(report, { ...needs, ...change }).contradictions.map(({ code }) => code)),
];

/** A model that says it signs, as revenue meters do; a declaration whose intervals are measured. */
const SIGNED_MODEL = { kind: "tdp-model", tier: "A-revenue", meter_signed: true } as const;
const DECLARED = { kind: "declared", tier: "E-declared" } as const;

/** Codes after a change that its maker signs for, totals made to fit. */
function fitting(change: (report: EnergyReport) => void): string[] {
  return codesOf(
    signedAnew(dayReport(), (report) => {
      change(report);
      report.totals = totalsOf(report);
    }),
  );
}

describe("energy/report/check-report", () => {
  it("finds nothing in a sound report, and says what it did not look at", () => {
    const checked = checkReport(dayReport(), needs);
    expect(checked.contradictions).toEqual([]);
    expect(checked.verdict).toBe("sound");
    expect(checked.unchecked.map(({ what }) => what)).toContain("the claims of certificates");
    expect(checked.sentence).toMatch(
      /^\d+ % of metered kWh matched hourly \(self-signed, tier B\)$/,
    );
  });

  it("finds any single digit that was changed after it was signed", () => {
    const text = canonicalText(dayReport());
    const digits = [...text.matchAll(/[0-9]/g)].map(({ index }) => index);
    for (let at = 0; at < digits.length; at += Math.ceil(digits.length / 60)) {
      const place = digits[at];
      const digit = String((Number(text[place]) + 1) % 10);
      const flipped = text.slice(0, place) + digit + text.slice(place + 1);
      const checked = checkText(flipped, needs);
      expect(checked.verdict, `digit ${place}`).not.toBe("sound");
      if (checked.verdict === "contradicted") {
        expect(checked.contradictions[0].code).toBe("ENERGY_SIGNATURE");
      }
    }
  });

  it("does not count a signature of somebody else, or one of another role", () => {
    const report = dayReport();
    const [signature] = report.signatures;
    const as = (change: object) => ({ ...report, signatures: [{ ...signature, ...change }] });
    expect(codesOf(as({ role: "verifier" }) as EnergyReport)).toContain("ENERGY_SIGNATURE");
    expect(codesOf(as({ kid: "A".repeat(43) }) as EnergyReport)).toContain("ENERGY_SIGNATURE");
    expect(codesOf(as({ alg: "ES256" }) as EnergyReport)).toContain("ENERGY_SIGNATURE");
  });

  it("holds a report against the one before it", () => {
    const first = dayReport();
    const prev = reportDigest(sha256, first);
    const second = dayReport({ seq: 1, prev });
    expect(codesOf(second, { previous: first })).toEqual([]);
    // Both list the day's certificate, and each of them holds.
    expect(checkReport(second, { ...needs, previous: first }).unchecked[0]).toEqual({
      what: "whether 2026-06-20T00:00:00Z to 2026-06-21T00:00:00Z is counted twice",
      why: "report 0 covers it too; add up one of both",
    });
    expect(checkReport(second, needs).unchecked[0].what).toBe("the report before");
    const others = dayReport({ seq: 1, prev: "0".repeat(64) });
    expect(codesOf(others, { previous: first })).toEqual(["ENERGY_CHAIN"]);
    expect(codesOf(dayReport({ seq: 2, prev }), { previous: first })).toEqual(["ENERGY_CHAIN"]);
    expect(codesOf(dayReport({ seq: 0, prev }))).toEqual(["ENERGY_CHAIN"]);
    expect(codesOf(dayReport({ seq: 3 }))).toEqual(["ENERGY_CHAIN"]);
  });

  it("knows a time that has not come", () => {
    expect(codesOf(dayReport(), { nowMs: DAY_END - 3_600_000 })).toEqual(["ENERGY_CLOCK"]);
  });

  it("takes nothing for a report that is none", () => {
    const report = dayReport();
    const texts = [
      "",
      "{}",
      "[1]",
      "{".repeat(9_000),
      JSON.stringify({ ...report, more: 1 }),
      JSON.stringify({ ...report, totals: { ...report.totals, load_wh: 1.5 } }),
      JSON.stringify({ ...report, intervals: [] }),
      " ".repeat(800_001),
    ];
    for (const text of texts) {
      expect(readReport(text)).toMatchObject({
        ok: false,
        rejection: { code: "ENERGY_REPORT_FORM" },
      });
      expect(checkText(text, needs).verdict).toBe("unreadable");
    }
  });

  it.each<[string, (report: EnergyReport) => void]>([
    ["ENERGY_INTERVAL_MISSING", (r) => void r.intervals.splice(7, 1)],
    ["ENERGY_INTERVAL_MISSING", (r) => void r.intervals.pop()],
    ["ENERGY_INTERVAL_OVERLAP", (r) => void r.intervals.splice(7, 0, r.intervals[6])],
    ["ENERGY_INTERVAL_OUTSIDE", (r) => (r.intervals[3].start = "2026-06-20T03:10:00Z")],
    ["ENERGY_INTERVAL_OUTSIDE", (r) => (r.intervals[3].start = "2026-06-31T03:00:00Z")],
    ["ENERGY_REPORT_PERIOD", (r) => (r.period.end = "2026-06-21T00:10:00Z")],
    ["ENERGY_REPORT_PERIOD", (r) => (r.period.end = r.period.start)],
    ["ENERGY_SOURCE_UNKNOWN", (r) => (r.intervals[3].load_src = "nobody")],
    ["ENERGY_SOURCE_UNKNOWN", (r) => (r.intervals[3].load_src = "roof")],
    ["ENERGY_SOURCE_UNKNOWN", (r) => void r.sources.push(r.sources[0])],
    ["ENERGY_SOURCE_UNKNOWN", (r) => (r.sources[0].parts = ["a", "b"])],
    ["ENERGY_SOURCE_TIER", (r) => (r.sources[0].tier = "A-revenue")],
    ["ENERGY_SOURCE_TIER", (r) => (r.sources[0].kind = "tdp-model")],
    ["ENERGY_SOURCE_TIER", (r) => (r.sources[0].meter_signed = true)],
    ["ENERGY_SOURCE_TIER", (r) => Object.assign(r.sources[0], SIGNED_MODEL)],
    ["ENERGY_SOURCE_TIER", (r) => Object.assign(r.sources[0], DECLARED)],
    ["ENERGY_SOURCE_TIER", (r) => (r.work![0].tier = "A-revenue")],
    ["ENERGY_SOURCE_UNKNOWN", (r) => (r.work![0].source = "roof")],
    ["ENERGY_REGISTER_BACK", (r) => (r.intervals[5].register_end_wh = 1)],
    ["ENERGY_REGISTER_DIFFERS", (r) => (r.intervals[5].load_wh *= 3)],
    ["ENERGY_NAMEPLATE", (r) => (r.sources[0].nameplate_w = 100)],
    ["ENERGY_NAMEPLATE", (r) => (r.intervals[12].own_wh = 2_000)],
    ["ENERGY_SUN_NIGHT", (r) => (r.intervals[0].own_wh = 40)],
    ["ENERGY_SUN_BOUND", (r) => (r.intervals[3].own_wh = 700)],
    ["ENERGY_WORK_TIME", (r) => (r.work![0].start = "2026-06-19T10:00:00.000Z")],
    ["ENERGY_WORK_TIME", (r) => void r.work!.push({ ...r.work![0] })],
    ["ENERGY_WORK_LEAST", (r) => (r.work![0].energy_mj = 100)],
    ["ENERGY_WORK_MOST", (r) => (r.work![0].energy_mj = 9_000_000_000)],
    ["ENERGY_WORK_LOAD", (r) => (r.work![0].energy_mj = 30_000_000_000)],
    ["ENERGY_CERTIFICATE_TWICE", (r) => (r.instruments[0].ids = ["x", "x"])],
    ["ENERGY_CERTIFICATE_TWICE", (r) => (r.instruments[0].ids = ["gc-1", " GC-1"])],
    ["ENERGY_CERTIFICATE_BENEFICIARY", (r) => (r.instruments[0].beneficiary = "somebody")],
    ["ENERGY_CERTIFICATE_TIME", (r) => (r.instruments[0].cancelled_at = "2026-06-20T20:30:00Z")],
    ["ENERGY_CERTIFICATE_USE", (r) => (r.intervals[20].gc_wh += 1)],
    ["ENERGY_CERTIFICATE_USE", (r) => (r.intervals[21].gc_wh = 5)],
    ["ENERGY_CERTIFICATE_USE", (r) => (r.instruments[0].zone = "FR")],
  ])("names %s even where its maker signs for it", (code, change) => {
    expect(fitting(change)).toContain(code);
  });

  it("takes no sum for better than its weakest part", () => {
    const mill = millSource(() => 100);
    const declared = { ...mill, identity: { ...mill.identity, kind: "declared", tier: "E" } };
    const report = dayReport({ sources: [plugSource(), roofSource(), declared] as never });
    expect(codesOf(report)).toEqual([]);
    const better = signedAnew(report, ({ sources }) => {
      const sum = sources.find(({ parts }) => parts !== undefined);
      if (sum !== undefined) sum.tier = "B-metered";
    });
    expect(codesOf(better)).toEqual(["ENERGY_SOURCE_TIER"]);
  });

  it("is not stopped by a certificate of a name that no ledger takes", () => {
    const payload = { kind: "transfer", to: new Uint8Array(20), amountBase: 1n } as const;
    const fact = { id: "", account: "", payload, code: "" };
    const facts = { genesis: "", bySlot: new Map([[7, fact]]) };
    for (const registry of ["A\0B", "ü".repeat(128)]) {
      const report = signedAnew(dayReport(), ({ instruments: [one] }) => {
        Object.assign(one, { registry, claim_slots: [7] });
      });
      expect(codesOf(report, { facts })).toContain("ENERGY_CERTIFICATE_UNCLAIMED");
    }
  });

  it("repeats nobody's word that somebody else had verified it", () => {
    const report = signedAnew(dayReport(), (one) => (one.assurance = "third-party-verified"));
    const { sentence, unchecked } = checkReport(report, needs);
    expect(sentence).toContain("(self-signed, tier B)");
    expect(unchecked.map(({ what }) => what)).toContain("third-party-verified");
  });

  it("names each total that does not follow", () => {
    const changed = signedAnew(dayReport(), ({ totals }) => {
      totals.load_wh += 1;
      totals.hourly_match = 1;
      totals.market_g = 0;
    });
    const places = checkReport(changed, needs).contradictions;
    expect(places.map(({ code, where }) => [code, where])).toEqual([
      ["ENERGY_TOTALS", "totals.load_wh"],
      ["ENERGY_TOTALS", "totals.hourly_match"],
      ["ENERGY_TOTALS", "totals.market_g"],
    ]);
  });
});
