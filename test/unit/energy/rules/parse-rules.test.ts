import { describe, expect, it } from "vitest";

import { RULES_MAX } from "../../../../src-main/energy/rules/limits.ts";
import { parseRules } from "../../../../src-main/energy/rules/parse-rules.ts";

const night = { name: "night", then: "pause", price_above: [0.3, 0.2] };

const refusalOf = (...tables: unknown[]) => {
  const rules = parseRules(tables);
  return rules.ok ? null : rules.rejection;
};

describe("parseRules", () => {
  it("takes how full a battery is as a share alone", () => {
    const low = { name: "low", then: "pause" };
    expect(refusalOf({ ...low, storage_below: 0.2 })).toBeNull();
    expect(refusalOf({ ...low, storage_below: 20 })).toMatchObject({
      code: "ENERGY_RULE_VALUE",
      facts: { key: "storage_below" },
    });
  });

  it("reads conditions with their begin and end, and takes standards for what is not named", () => {
    const rules = parseRules([
      night,
      { name: "sun", then: "run", otherwise: "pause", surplus_above: 500, hold_s: 600 },
      { name: "early", then: "run", cheapest_hours: 4, before: "07:30" },
      { name: "weekend", then: "pause", hours: "22:00-06:00", weekdays: ["sat", "sun"] },
    ]);
    expect(rules).toMatchObject({
      ok: true,
      value: [
        {
          conditions: [{ signal: "price", side: "above", enter: 0.3, leave: 0.2 }],
          otherwise: null,
          holdMs: 300_000,
          ifMissing: "pause",
        },
        { conditions: [{ signal: "surplus", enter: 500, leave: 450 }], holdMs: 600_000 },
        { conditions: [{ kind: "best-hours", hours: 4, before: 450 }], otherwise: "pause" },
        {
          conditions: [
            { kind: "hours", spans: [[1_320, 360]] },
            { kind: "weekdays", days: [5, 6] },
          ],
        },
      ],
    });
  });

  it("refuses an unknown key with the nearest known one", () => {
    expect(refusalOf({ ...night, price_abov: 1 })).toMatchObject({
      code: "ENERGY_RULE_KEY",
      facts: { rule: "night", key: "price_abov", nearest: "price_above" },
    });
    expect(refusalOf({ ...night, when: {} })?.code).toBe("ENERGY_RULE_KEY");
  });

  it("refuses values that mean nothing, and says what would", () => {
    const wrong: readonly (readonly [string, object])[] = [
      ["name", { then: "pause" }],
      ["name", { ...night, name: "two\nlines" }],
      ["then", { name: "x" }],
      ["then", { ...night, then: "stop" }],
      ["price_above", { ...night, price_above: [0.2, 0.3] }],
      ["price_above", { ...night, price_above: "0.3" }],
      ["price_above", { ...night, price_above: [0.3, 0.2, 0.1] }],
      ["price_above", { ...night, price_above: Number.NaN }],
      ["price_below", { ...night, price_below: [0.2, 0.1] }],
      ["celsius_above", { ...night, celsius_above: 91 }],
      ["hours", { ...night, hours: "22-6" }],
      ["hours", { ...night, hours: "24:00-06:00" }],
      ["weekdays", { ...night, weekdays: ["monday"] }],
      ["weekdays", { ...night, weekdays: [] }],
      ["on_battery", { ...night, on_battery: 1 }],
      ["cap_watts", { ...night, then: "cap" }],
      ["cap_watts", { ...night, cap_watts: 200 }],
      ["before", { ...night, cheapest_hours: 4 }],
      ["before", { ...night, before: "07:00" }],
      ["cleanest_hours", { ...night, cheapest_hours: 4, cleanest_hours: 3, before: "07:00" }],
      ["cheapest_hours", { ...night, cheapest_hours: 24, before: "07:00" }],
      ["hold_s", { ...night, hold_s: 59 }],
      ["if_missing", { ...night, if_missing: "run" }],
    ];
    for (const [key, table] of wrong) {
      const refusal = refusalOf(table);
      expect(refusal?.code, key).toBe("ENERGY_RULE_VALUE");
      expect(refusal?.facts?.["key"], JSON.stringify(table)).toBe(key);
      expect(refusal?.facts?.["allowed"]).not.toBe("");
    }
  });

  it("refuses two rules of one name, too many rules, and what is no list of tables", () => {
    expect(refusalOf(night, night)?.facts?.["allowed"]).toContain("no other rule");
    const many = Array.from({ length: RULES_MAX + 1 }, (_, index) => {
      return { ...night, name: `rule ${index}` };
    });
    expect(refusalOf(...many)?.code).toBe("ENERGY_RULE_VALUE");
    for (const given of [undefined, {}, "pause", [1]]) expect(parseRules(given).ok).toBe(false);
    expect(parseRules([])).toEqual({ ok: true, value: [] });
  });
});
