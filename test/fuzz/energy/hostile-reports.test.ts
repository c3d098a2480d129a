/** A report comes from anybody: whatever its fields say, a check answers and never throws. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { EnergyReport } from "../../../src-main/contract/energy-report.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { anchoredRow } from "../../../src-main/energy/report/day-tree.ts";
import { checkText, neededSlots, signChange } from "../../../src-main/energy/report/index.ts";
import type { LedgerFact } from "../../../src-main/energy/report/index.ts";
import type { Payload } from "../../../src-main/ledger/index.ts";
import {
  DAY_END,
  dayReport,
  KEY,
  millSource,
  plugSource,
  roofSource,
  STATEMENT,
  storeSource,
} from "../../worlds/energy-day.ts";

const SOURCES = [
  plugSource(),
  roofSource(),
  millSource(() => 90),
  storeSource("to", () => 50),
  storeSource("from", () => 40),
];

/** A report with every part that one can have. */
function whole(): EnergyReport {
  const rows = SOURCES.flatMap(({ rows: all, identity: { role, tier } }) =>
    all.slice(0, 30).map((row) => anchoredRow({ row, role, tier })),
  );
  const disclosed = rows.map((row, at) => ({ index: at + 1, salt: "00".repeat(16), row }));
  const hash = "ab".repeat(32);
  const prev = `sha256:${hash}`;
  const other = { ...STATEMENT, account: `0x${"77".repeat(20)}` };
  const anchor = {
    day: "2026-06-20",
    slot: 3,
    root: hash,
    rows: rows.length,
    key: other,
    key_path: [hash],
    leaves: new Array<string>(rows.length + 1).fill(hash),
    disclosed,
  };
  const handed = signChange(KEY, { from: other, to: STATEMENT, seq: 1, prev });
  const report = dayReport({ seq: 1, prev: hash, sources: SOURCES, anchors: [anchor] });
  const [certificate] = report.instruments;
  const [work] = report.work ?? [];
  return {
    ...report,
    former: [handed],
    instruments: [{ ...certificate, claim_slots: [4] }],
    work: [{ ...work, job_slot: 5, reveal_slot: 6, energy_slot: 7 }],
  };
}

const REPORT = whole();

/** Every place of a value in a report that holds no other; of lists the first two alone. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const parts = Object.entries(value).slice(0, Array.isArray(value) ? 2 : undefined);
  return parts.flatMap(([name, part]) => placesOf(part, [...path, name]));
}

const PLACES = placesOf(REPORT);
const VALUES: readonly unknown[] = [
  ...[0, 1, -1, 0.5, 300, 3_600, 8_760_000_000_000, Number.MAX_SAFE_INTEGER, 1e308, null, true],
  ...["", "\0", "ü".repeat(128), "A".repeat(43), "ab".repeat(32), "0", "9".repeat(31), "GC", "E"],
  ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-06-31T00:00:00Z", "2026-06-20"],
  ...["2026-06-20T10:00:00.000Z", `0x${"0d".repeat(20)}`, "grid-signal", "storage", "sold", [], {}],
];

function changed(places: readonly number[], values: readonly number[]): string {
  const copy = structuredClone(REPORT) as unknown as Record<string, unknown>;
  places.forEach((place, at) => {
    const path = PLACES[place % PLACES.length];
    let holder: Record<string, unknown> | undefined = copy;
    for (const name of path.slice(0, -1)) {
      holder = holder?.[name] as Record<string, unknown> | undefined;
    }
    const last = path.at(-1) ?? "";
    if (typeof holder !== "object" || holder === null) return;
    holder[last] = VALUES[(values[at] ?? 0) % VALUES.length];
  });
  return JSON.stringify(copy);
}

const PAYLOADS: readonly Payload[] = [
  { kind: "transfer", to: new Uint8Array(20), amountBase: 1n },
  { kind: "energy-anchor", day: 20_624, root: new Uint8Array(32), rows: 1 },
  {
    kind: "certificate-claim",
    certificate: new Uint8Array(32),
    volumeWh: 1n,
    genStart: 0n,
    genEnd: 1n,
  },
  { kind: "job-create", specification: new Uint8Array(9), listing: 0, escrowBase: 0n },
];

/** What is said of it, all of its slots holding the same record. */
function verdictOf(text: string, payload: Payload): string {
  const fact: LedgerFact = { id: "", account: "", payload, code: "" };
  const bySlot = new Map(neededSlots(REPORT).map((slot) => [slot, fact]));
  const facts = { genesis: "", bySlot };
  return checkText(text, { hasher: sha256, facts, previous: null, nowMs: DAY_END }).verdict;
}

describe("a hostile report", () => {
  it("is answered, whatever stands in one of its fields", () => {
    const worst = ["\0", "ü".repeat(128), 8_760_000_000_000].map((one) => VALUES.indexOf(one));
    const verdicts = new Set<string>();
    for (const value of worst) {
      PLACES.forEach((_, place) => {
        verdicts.add(verdictOf(changed([place], [value]), PAYLOADS[place % PAYLOADS.length]));
      });
    }
    expect(verdicts).toEqual(new Set(["contradicted", "unreadable"]));
  });

  it("is answered, whatever stands in some of them and on the ledger", () => {
    const few = fc.array(fc.nat(1e6), { minLength: 1, maxLength: 4 });
    const property = fc.property(few, few, fc.nat(PAYLOADS.length - 1), (places, values, at) => {
      const verdict = verdictOf(changed(places, values), PAYLOADS[at]);
      expect(["contradicted", "unreadable"]).toContain(verdict);
    });
    fc.assert(property, { seed: 20_261_123, numRuns: 100 });
  });
});
