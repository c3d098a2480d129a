import { describe, expect, it } from "vitest";
import type { EnergyNow, RulesState } from "../../../../src-main/contract/control-api/index.ts";
import { formatCount } from "../../../../src-main/contract/units.ts";
import {
  operatorPairs,
  operatorStatus,
} from "../../../../src-main/processes/cli/operator-status.ts";
import { energyTotals } from "../../../generators/energy-rows.ts";
import { SAMPLE_STATUS, statusWith } from "./sample-status.ts";

const RUNS = {
  work: "run",
  wanted: true,
  code: null,
  sentence: null,
  rule: null,
  overridden: false,
  heldMs: 0,
  caps: [],
  rules: ["dear hours"],
} as unknown as RulesState;

const NOW = {
  boundary: "wall",
  tier: "B",
  source: "plug-desk",
  watts: 214.04,
  today: {
    ...energyTotals(),
    fromMs: 7,
    loadMillijoules: 4_464_000_000,
    coverage: 0.97,
    measuredShare: 1,
    tier: "B",
    costMicros: 372_000,
    currency: "EUR",
  },
} as unknown as EnergyNow;

const pairsOf = (...given: Parameters<typeof operatorStatus>) =>
  Object.fromEntries(operatorPairs(operatorStatus(...given)));

describe("processes/cli/operator-status", () => {
  it("joins who holds work, power with its method, today's energy and the work left", () => {
    const joined = operatorStatus(SAMPLE_STATUS, RUNS, NOW);
    expect(joined).toMatchObject({
      ...SAMPLE_STATUS,
      work: { state: "working", rulesWant: "run", wanted: true, rule: null, reason: null },
      power: { watts: 214.04, method: "B metered", boundary: "wall", source: "plug-desk" },
      energyToday: { fromMs: 7, millijoules: 4_464_000_000, coverage: 0.97, method: "B metered" },
      workReserve: { jobsOpen: 1, unitStepsLeft: 1_519, aboutMs: 36_800 },
    });
  });

  it("names the rule that pauses, and the one that its owner overrides", () => {
    const reason = "Paused by rule “dear hours” until 20:00";
    const mine = { ...SAMPLE_STATUS.mine, state: "paused", code: "ENERGY_RULE_PAUSED", reason };
    const held = {
      ...RUNS,
      work: "pause",
      rule: "dear hours",
      code: "ENERGY_RULE_PAUSED",
    } as const;
    const status = { ...SAMPLE_STATUS, mine } as typeof SAMPLE_STATUS;
    const { work } = operatorStatus(status, held, null);
    expect(work).toMatchObject({ state: "paused", rule: "dear hours", reason });
    expect(work.code).toBe("ENERGY_RULE_PAUSED");
    expect(pairsOf(status, held, null)["rule"]).toBe("dear hours");
    const overridden = { ...held, overridden: true };
    expect(pairsOf(SAMPLE_STATUS, overridden, NOW)["rule"]).toMatch(/overridden by its owner$/);
    expect(pairsOf(SAMPLE_STATUS, RUNS, NOW)["rule"]).toBeUndefined();
  });

  it("says each figure with how it is known, and what nobody counts as that", () => {
    expect(pairsOf(SAMPLE_STATUS, RUNS, NOW)).toEqual({
      power: "214.0 W (B metered; everything behind the plug)",
      today: "1.240 kWh since 00:00 UTC (B metered, 97 % covered), 0.37 EUR",
      "work left": `${formatCount(1_519)} steps of digits-cnn, about 37 s`,
    });
    expect(pairsOf(SAMPLE_STATUS, RUNS, null)).toMatchObject({
      power: "not counted",
      today: "not counted",
    });
    const unmetered = {
      ...NOW,
      ...{ boundary: null, tier: null, source: null, watts: null },
      today: { ...NOW.today, loadMillijoules: null, tier: null, coverage: 0, costMicros: null },
    };
    expect(pairsOf(SAMPLE_STATUS, RUNS, unmetered)).toMatchObject({
      power: "not metered",
      today: "nothing counted since 00:00 UTC",
    });
    const late = { ...NOW, watts: null };
    expect(pairsOf(SAMPLE_STATUS, RUNS, late)["power"]).toMatch(/^not known now \(B metered/);
  });

  it("has no work left without a unit, nor with one that waits for its check", () => {
    expect(pairsOf(statusWith(null), RUNS, NOW)["work left"]).toBe("none in hand");
    const trained = statusWith({ phase: "sealed", step: 2_812, trainLeftMs: null });
    expect(pairsOf(trained, RUNS, NOW)["work left"]).toMatch(/^no step of digits-cnn/);
    expect(operatorStatus(trained, RUNS, NOW).workReserve).toMatchObject({ unitStepsLeft: 0 });
  });
});
