import { describe, expect, it } from "vitest";

import { capSentence } from "../../../../src-main/energy/rules/cap-words.ts";
import type { CapFacts } from "../../../../src-main/energy/rules/cap-words.ts";
import { keepCap } from "../../../../src-main/energy/rules/keep-cap.ts";
import type { CapState } from "../../../../src-main/energy/rules/keep-cap.ts";

const BEGUN = keepCap(
  null,
  {
    capWatts: 180,
    counted: null,
    readEveryMs: 1_000,
    nameplateWatts: null,
    works: true,
    stepMs: null,
    deadlineShare: 0,
  },
  0,
);

const FACTS: CapFacts = { limitWatts: null, nameplateWatts: null, isWhole: false };
const RULE = { device: "gpu-0", watts: 180, rule: "quiet" };

const say = (state: Partial<CapState>, facts: Partial<CapFacts> = {}, asked: object = {}) =>
  capSentence({ ...RULE, ...asked }, { ...BEGUN, ...state }, { ...FACTS, ...facts });

describe("a cap in words", () => {
  it("says what is capped, by whom, and in which share of the time work runs", () => {
    expect(say({ how: "paced", share: 0.62 })).toBe(
      "Capped at 180 W by rule 'quiet' (by duty cycle: 62 % of the time)",
    );
    expect(say({ how: "paced", share: 0.62 }, { isWhole: true }, { rule: null })).toBe(
      "Capped at 180 W by GPU 0's own limit (by duty cycle: 62 % of the time, the whole machine " +
        "measured)",
    );
    expect(say({ how: "within", share: 1 }, {}, { device: "cpu", rule: null })).toBe(
      "Capped at 180 W by the processor's own limit (no rests needed)",
    );
    expect(say({})).toBe(
      "Capped at 180 W by rule 'quiet' (by duty cycle: 25 % of the time until it is measured)",
    );
  });

  it("says what stands in for a meter, and what the card itself keeps to", () => {
    expect(say({ how: "nameplate", share: 0.34 }, { nameplateWatts: 250 })).toBe(
      "Capped at 180 W by rule 'quiet' (by duty cycle: 34 % of the time, by the nameplate of " +
        "250 W, since nothing measures it)",
    );
    expect(say({ how: "nameplate", share: 1 }, { nameplateWatts: 90 })).toContain(
      "no rests needed",
    );
    expect(say({ how: "within", share: 1 }, { limitWatts: 180 })).toBe(
      "Capped at 180 W by rule 'quiet' (the card's own limit is 180 W)",
    );
    expect(say({ how: "paced", share: 0.5 }, { limitWatts: 200 })).toBe(
      "Capped at 180 W by rule 'quiet' (the card's own limit is 200 W; by duty cycle: 50 % of " +
        "the time)",
    );
  });

  it("says why work waits, and when a cap gives way", () => {
    expect(say({ how: "low", share: 0, meanWatts: 195 })).toBe(
      "Waiting: GPU 0 took 195 W with the least work, so the cap of 180 W cannot be kept",
    );
    expect(say({ how: "low", share: 0, meanWatts: 195 }, { isWhole: true })).toContain(
      "Waiting: the machine took",
    );
    expect(say({ how: "low", share: 0 }, { nameplateWatts: 900 })).toBe(
      "Waiting: by the nameplate of 900 W GPU 0 takes too much even with the least work, so the " +
        "cap of 180 W cannot be kept",
    );
    expect(say({ how: "blind", share: 0 })).toBe(
      "Waiting: nothing measures GPU 0, so the cap of 180 W cannot be kept",
    );
    expect(say({ how: "deadline", share: 0.8 })).toBe(
      "Above the cap of 180 W by rule 'quiet': the unit in hand needs 80 % of the time to be " +
        "done in time",
    );
  });
});
