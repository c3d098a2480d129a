import { describe, expect, it } from "vitest";

import type {
  CapInForce,
  RulesPreview,
  RulesState,
} from "../../../../src-main/contract/control-api/index.ts";
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
  caps: [],
  limits: STANDARD_PROTECTIONS,
  unprotected: ["cpu"],
  rules: ["night"],
};
const CAP: CapInForce = {
  device: "gpu-0",
  watts: 150,
  rule: "quiet",
  how: "paced",
  share: 0.62,
  meanWatts: 143,
  source: "device",
  limitWatts: null,
  needs: null,
  windowMs: 45_500,
  sentence: "Capped at 150 W by rule 'quiet' (by duty cycle: 62 % of the time)",
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

  it("says that nothing holds work, and how a cap is kept", () => {
    const free = { ...STATE, work: "run", sentence: null, rule: null, code: null } as const;
    const none = { atMs: 0, rules: [] };
    expect(rulesLines(free, none).join("\n")).toMatch(/^Nothing holds work\.\n\nNo rules/);
    const capped = { ...free, caps: [{ ...CAP, needs: "Run sudo nvidia-smi -pl 150." }] };
    expect(rulesLines(capped, none).slice(1, 3)).toEqual([
      "Capped at 150 W by rule 'quiet' (by duty cycle: 62 % of the time).",
      "  Run sudo nvidia-smi -pl 150.",
    ]);
    // What holds work is said once.
    const low = { ...STATE, caps: [{ ...CAP, how: "low", share: 0 } as const] };
    expect(rulesLines(low, none).join("\n")).not.toContain("Capped");
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
