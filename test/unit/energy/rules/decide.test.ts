import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  decide,
  FRESH_DECISION,
  ownerPauses,
  ownerStarts,
} from "../../../../src-main/energy/rules/decide.ts";
import type { DecisionState, RuleSettings } from "../../../../src-main/energy/rules/decide.ts";
import { decisionSentence, pauseEnd } from "../../../../src-main/energy/rules/rule-words.ts";
import { STANDARD_PROTECTIONS } from "../../../../src-main/energy/rules/rule.ts";
import type { SignalsNow } from "../../../../src-main/energy/rules/signals.ts";
import { HOUR_MS, hourly, rulesOf, signalsWith, timesAt } from "../../../worlds/rule-world.ts";

const NIGHT = { name: "night", then: "pause", price_above: [0.2, 0.15] };

/** Goes from moment to moment. */
class Days {
  state: DecisionState = FRESH_DECISION;
  readonly settings: RuleSettings;

  constructor(tables: readonly object[], limits: Partial<RuleSettings["limits"]> = {}) {
    this.settings = { rules: rulesOf(...tables), limits: { ...STANDARD_PROTECTIONS, ...limits } };
  }

  at(hours: number, known: Partial<SignalsNow>) {
    const [signals, times] = [signalsWith(known), timesAt(hours)];
    const { state, decision } = decide(this.state, this.settings, signals, times);
    this.state = state;
    const untilMs = pauseEnd(state, this.settings, signals, times);
    const sentence = decisionSentence(decision, times, untilMs);
    return { ...decision, sentence };
  }

  start(known: Partial<SignalsNow>) {
    this.state = ownerStarts(this.state, this.settings, signalsWith(known));
  }
}

describe("decide", () => {
  it("runs without rules, and without any signal", () => {
    expect(new Days([]).at(0, {})).toMatchObject({ work: "run", rule: null, sentence: null });
  });

  it("says which rule pauses, why, and about until when", () => {
    const days = new Days([NIGHT]);
    const prices = hourly([0.31, 0.31, 0.28, 0.1, 0.1], 19);
    const known = { price: 0.31, prices, currency: "EUR" };
    expect(days.at(19.1, known)).toMatchObject({
      work: "pause",
      rule: "night",
      sentence: "Paused by rule 'night': price 0.31 > 0.2 EUR/kWh, about until 22:00",
    });
  });

  it("stays as it was between begin and end of a threshold", () => {
    const days = new Days([{ ...NIGHT, hold_s: 60 }]);
    expect(days.at(0, { price: 0.18 }).work).toBe("run");
    expect(days.at(1, { price: 0.21 }).work).toBe("pause");
    expect(days.at(2, { price: 0.18 }).work).toBe("pause");
    expect(days.at(3, { price: 0.15 }).work).toBe("run");
    expect(days.at(4, { price: 0.18 }).work).toBe("run");
  });

  it("lets the first rule that asks for something decide", () => {
    const days = new Days([
      { name: "sun", then: "run", surplus_above: 500, hold_s: 60 },
      { ...NIGHT, hold_s: 60 },
      { name: "else", then: "run" },
    ]);
    expect(days.at(0, { price: 0.5, surplusWatts: 900 })).toMatchObject({ rule: "sun" });
    expect(days.at(1, { price: 0.5, surplusWatts: 0 })).toMatchObject({ rule: "night" });
    expect(days.at(2, { price: 0.1, surplusWatts: 0 })).toMatchObject({ rule: "else" });
  });

  it("goes by how full the owner's battery is, with a band", () => {
    const spare = { name: "spare", then: "run", otherwise: "pause", hold_s: 60 };
    const days = new Days([{ ...spare, storage_above: [0.8, 0.6] }]);
    expect(days.at(0, { storageShare: 0.79 })).toMatchObject({
      work: "pause",
      sentence: expect.stringContaining("charge of the battery 0.79 < 0.8"),
    });
    expect(days.at(1, { storageShare: 0.81 }).work).toBe("run");
    expect(days.at(2, { storageShare: 0.65 }).work).toBe("run");
    expect(days.at(3, { storageShare: 0.6 }).work).toBe("pause");
    // A battery that says nothing is not a full one.
    expect(days.at(4, { storageShare: null }).work).toBe("pause");
  });

  it("takes what leads to less work where a signal is missing, and says so", () => {
    expect(new Days([NIGHT]).at(0, {})).toMatchObject({
      work: "pause",
      sentence:
        "Paused by rule 'night': the price is not known now, and without it less work is the " +
        "safe way",
    });
    const sun = { name: "sun", then: "run", otherwise: "pause", surplus_above: 500 };
    expect(new Days([sun]).at(0, {}).work).toBe("pause");
    expect(new Days([{ ...NIGHT, if_missing: "ignore" }]).at(0, {}).work).toBe("run");
    // What is known to be false needs no other signal.
    const both = { ...NIGHT, on_battery: true };
    expect(new Days([both]).at(0, { onBattery: false }).work).toBe("run");
  });

  it("holds no first decision against signals that come seconds after a start", () => {
    const days = new Days([NIGHT]);
    const second = 1 / 3_600;
    expect(days.at(0, {}).work).toBe("pause");
    expect(days.at(5 * second, {}).work).toBe("pause");
    expect(days.at(10 * second, { price: 0.1 }).work).toBe("run");
    // From here on what is decided is held, also without the signal.
    expect(days.at(60 * second, {}).work).toBe("run");
    expect(days.at(311 * second, {}).work).toBe("pause");
    expect(days.at(320 * second, { price: 0.1 }).work).toBe("pause");
    const dear = new Days([NIGHT]);
    dear.at(0, {});
    dear.at(10 * second, { price: 0.5 });
    expect(dear.at(60 * second, { price: 0.1 })).toMatchObject({ work: "pause" });
    expect(dear.at(311 * second, { price: 0.1 }).work).toBe("run");
  });

  it("gives its cap and lets work run", () => {
    const cap = { name: "quiet", then: "cap", cap_watts: 150, hours: "22:00-06:00" };
    expect(new Days([cap]).at(23, {})).toMatchObject({
      work: "run",
      cap: { rule: "quiet", device: null, watts: 150 },
    });
    expect(new Days([cap]).at(12, {})).toMatchObject({ work: "run", cap: null });
  });

  it("lets the owner's start override rules until they want something else", () => {
    const days = new Days([{ ...NIGHT, hold_s: 60 }]);
    days.at(0, { price: 0.5 });
    days.start({ price: 0.5 });
    expect(days.at(0.1, { price: 0.5 })).toMatchObject({ work: "run", isOverridden: true });
    expect(days.at(1, { price: 0.6 }).work).toBe("run");
    expect(days.at(2, { price: 0.1 })).toMatchObject({ work: "run", isOverridden: false });
    expect(days.at(3, { price: 0.5 }).work).toBe("pause");
    days.start({ price: 0.5 });
    days.state = ownerPauses(days.state);
    expect(days.at(4, { price: 0.5 }).work).toBe("pause");
  });

  it("never lets the owner's start override a protection", () => {
    const days = new Days([]);
    const hot = { devices: [{ id: "gpu-0", celsius: 84, fan: null, watts: null }] };
    expect(days.at(0, hot)).toMatchObject({
      work: "pause",
      sentence: "Waiting: 84 °C on GPU 0, resumes at 75 °C",
      protection: { code: "ENERGY_PROTECTION_HEAT" },
    });
    days.start(hot);
    expect(days.at(0.01, hot).work).toBe("pause");
  });
});

describe("decide, over any days", () => {
  const value = (least: number, most: number) =>
    fc.option(fc.integer({ min: least, max: most }), { freq: 8 });
  const moment = fc.record({
    seconds: fc.integer({ min: 1, max: 400 }),
    price: value(0, 60),
    surplus: value(-500, 2_000),
    celsius: value(40, 95),
    start: fc.integer({ min: 0, max: 20 }).map((draw) => draw === 0),
  });
  const tables = [
    { name: "sun", then: "run", surplus_above: [500, 200], hold_s: 120 },
    { name: "dear", then: "pause", price_above: [30, 25], hold_s: 180 },
    { name: "day", then: "pause", hours: "06:00-18:00", hold_s: 240 },
  ];
  const LEAST_HOLD_MS = 120_000;

  it("never flaps faster than the holding time, and protections always win", () => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 120 }), (moments) => {
        const days = new Days(tables);
        let seconds = 0;
        let changedMs: number | null = null;
        let before: string | null = null;
        for (const { seconds: passed, price, surplus, celsius, start } of moments) {
          seconds += passed;
          const devices = [{ id: "gpu-0", celsius, fan: null, watts: null }];
          const known = { price, surplusWatts: surplus, devices };
          if (start) days.start(known);
          const decision = days.at(seconds / 3_600, known);
          if (celsius !== null && celsius >= 83) {
            expect(decision.work).toBe("pause");
            expect(decision.protection).not.toBeNull();
          }
          const decided = days.state.decided?.work ?? "run";
          if (before !== null && decided !== before) {
            const sinceMs = days.state.decided?.sinceMs ?? 0;
            if (changedMs !== null) {
              expect(sinceMs - changedMs).toBeGreaterThanOrEqual(LEAST_HOLD_MS);
            }
            changedMs = sinceMs;
          }
          before = decided;
          // Work runs against the rules only where its owner started it.
          if (decision.work === "run" && decided === "pause") {
            expect(decision.isOverridden).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps every sentence within a line and names what waits", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 47 }), ({ price, celsius }, hour) => {
        const days = new Days(tables);
        const devices = [{ id: "gpu-0", celsius, fan: null, watts: null }];
        const { work, sentence } = days.at(hour / 2, { price, devices });
        if (work === "pause") expect(sentence).toMatch(/^(Paused by rule '|Waiting: |Stopped: )/);
        expect((sentence ?? "").length).toBeLessThan(256);
      }),
    );
  });

  it("is over within the time it said", () => {
    const days = new Days([{ ...NIGHT, hold_s: 60 }]);
    const prices = hourly([0.3, 0.3, 0.1, 0.1]);
    expect(days.at(0.2, { price: 0.3, prices }).sentence).toContain("about until 02:00");
    expect(days.at(2, { price: 0.1, prices }).work).toBe("run");
    expect(HOUR_MS).toBe(3_600_000);
  });
});
