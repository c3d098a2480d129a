import { describe, expect, it } from "vitest";

import type { RulesPreview, RulesState } from "../../../../src-main/contract/control-api/index.ts";
import { RULE_KEYS, STANDARD_PROTECTIONS } from "../../../../src-main/energy/rules/index.ts";
import {
  previewLines,
  ruleKeyLines,
  rulesLines,
} from "../../../../src-main/processes/cli/rules-lines.ts";

const STATE: RulesState = {
  work: "pause",
  wanted: true,
  code: "ENERGY_RULE_PAUSED",
  sentence: "Paused by rule 'night': price 0.31 > 0.2 EUR/kWh, about until 22:00",
  rule: "night",
  overridden: false,
  heldMs: 0,
  capWatts: null,
  capNeeds: null,
  limits: STANDARD_PROTECTIONS,
  unprotected: ["cpu"],
  rules: ["night"],
};
const PREVIEW: RulesPreview = {
  atMs: 0,
  rules: [
    {
      name: "night",
      then: "pause",
      otherwise: null,
      asks: "pause",
      decides: true,
      holds: true,
      because: "price 0.31 > 0.2 EUR/kWh",
      conditions: [{ holds: true, words: "price 0.31 > 0.2 EUR/kWh" }],
      effect: null,
    },
  ],
};

describe("rulesLines", () => {
  it("begins with what is decided, marks its rule, and names what is unprotected", () => {
    const text = rulesLines(STATE, PREVIEW).join("\n");
    expect(text).toMatch(/^Paused by rule 'night': .* about until 22:00\.\n/);
    expect(text).toContain("> night");
    expect(text).toContain("pause at 83 °C, resume at 75 °C, stop at 90 °C, hold 120 s");
    expect(text).toContain("No temperature is told by cpu");
  });

  it("says that nothing holds work, and that a cap is not in force", () => {
    const free = { ...STATE, work: "run", sentence: null, rule: null, code: null } as const;
    const none = { atMs: 0, rules: [] };
    expect(rulesLines(free, none).join("\n")).toMatch(/^Nothing holds work\.\n\nNo rules/);
    const cap = rulesLines({ ...free, capWatts: 150, capNeeds: "root sets it" }, none)[0];
    expect(cap).toBe("Runs; the cap of 150 W is not in force: root sets it.");
    const over = rulesLines({ ...free, overridden: true }, none)[0];
    expect(over).toContain("against the rules");
  });
});

describe("previewLines", () => {
  it("shows each condition with whether it holds", () => {
    expect(previewLines(PREVIEW)).toEqual([
      "night: then pause; now asks for pause, which decides",
      "  yes  price 0.31 > 0.2 EUR/kWh",
    ]);
  });
});

describe("ruleKeyLines", () => {
  it("has a line for each key", () => {
    expect(ruleKeyLines()).toHaveLength(RULE_KEYS.length);
  });
});
