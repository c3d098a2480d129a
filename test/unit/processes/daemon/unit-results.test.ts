import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UnitResult } from "../../../../src-main/contract/control-api/index.ts";
import { UnitResults } from "../../../../src-main/processes/daemon/unit-results.ts";

const UNIT = "ab".repeat(32);
const RESULT: UnitResult = {
  unit: UNIT,
  outcome: "voided",
  code: "LEDGER_DEADLINE",
  facts: {},
  device: "a processor",
  steps: 600,
  stepsPerSecond: 123.25,
  holdout: { correct: 348, total: 360, text: null },
  loss: 0.125,
  segments: 12,
  segmentsChecked: 2,
  fullReplay: false,
  cost: { commitPercent: 1, spotPercent: 2, verifyPercent: 3 },
  payments: [],
  slot: null,
  receiptFile: null,
  modelBlob: null,
  revealSlot: null,
};

let folder = "";
let told: unknown[] = [];
const log = {
  info: () => {},
  warn: (_: string, facts?: Readonly<Record<string, unknown>>) => void told.push(facts?.["code"]),
  error: () => {},
};

beforeEach(() => {
  told = [];
  folder = mkdtempSync(join(tmpdir(), "vivian-results-"));
  new UnitResults(folder, log).keep(RESULT);
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, `${UNIT}.json`);

describe("processes/daemon/unit-results", () => {
  it("gives a kept result back after a restart", () => {
    expect(new UnitResults(folder, log).get(UNIT)).toEqual(RESULT);
    expect(new UnitResults(folder, log).get("cd".repeat(32))).toBeNull();
    expect(told).toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ["another digit", (text) => text.replace("348", "349")],
    ["a name changed", (text) => text.replace("checksum", "checksun")],
    ["its end cut off", (text) => text.slice(0, -10)],
    ["nothing in it", () => ""],
    ["null in it", () => "null"],
    ["no checksum, as older versions wrote it", () => JSON.stringify(RESULT)],
  ])("does not use a file with %s and says so once", (_what, change) => {
    writeFileSync(file(), change(readFileSync(file(), "utf8")));
    const results = new UnitResults(folder, log);
    expect(results.get(UNIT)).toBeNull();
    expect(results.get(UNIT)).toBeNull();
    expect(told).toEqual(["PROCESSES_RESULT_DAMAGED"]);
  });

  it("does not use another unit's result under this unit's name", () => {
    const other = "cd".repeat(32);
    writeFileSync(join(folder, `${other}.json`), readFileSync(file()));
    expect(new UnitResults(folder, log).get(other)).toBeNull();
    expect(told).toEqual(["PROCESSES_RESULT_DAMAGED"]);
  });
});
