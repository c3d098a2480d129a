/**
 * Decides what `[[rules]]` of the settings mean: every key is known or refused with the nearest
 * known one, every value is allowed or refused with what would be.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { nearestName } from "../../engine/models/nearest-name.ts";
import { HOLD_STANDARD_SECONDS, RULES_MAX } from "./limits.ts";
import type { Condition, Rule } from "./rule.ts";
import { readHours, readThreshold, RULE_KEYS, WEEKDAYS } from "./rule-keys.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the rules.
 * @param given  the array of tables as the settings' parser gives it
 * @rejects ENERGY_RULE_KEY (rule, key, nearest), ENERGY_RULE_VALUE (rule, key, value, allowed)
 */
export function parseRules(given: unknown): Outcome<readonly Rule[]> {
  if (!Array.isArray(given) || !given.every(isTable)) {
    return refuse("rules", "rules", given, "tables that begin with [[rules]]");
  }
  if (given.length > RULES_MAX) {
    return refuse("rules", "rules", given.length, `at most ${RULES_MAX} rules`);
  }
  const rules: Rule[] = [];
  for (const [index, fields] of given.entries()) {
    const rule = parseRule(fields, index);
    if (!rule.ok) return rule;
    if (rules.some(({ name }) => name === rule.value.name)) {
      return refuse(rule.value.name, "name", rule.value.name, "a name that no other rule has");
    }
    rules.push(rule.value);
  }
  return accept(rules);
}

function parseRule(fields: Fields, index: number): Outcome<Rule> {
  const name = typeof fields["name"] === "string" ? fields["name"] : `number ${index + 1}`;
  for (const [key, value] of Object.entries(fields)) {
    const known = RULE_KEYS.find((one) => one.name === key);
    if (known === undefined) {
      const nearest = nearestName(
        key,
        RULE_KEYS.map((one) => one.name),
      );
      return reject("ENERGY_RULE_KEY", { rule: name, key, nearest });
    }
    if (!known.allows(value)) return refuse(name, key, value, known.allowed);
  }
  const wrong = whatDoesNotFit(fields);
  if (wrong !== null) return refuse(name, wrong.key, fields[wrong.key], wrong.allowed);
  const conditions = conditionsOf(fields);
  const isForecast = conditions.some(({ kind }) => kind === "best-hours");
  const then = fields["then"] as Rule["then"];
  const standard = isForecast && then === "run" ? "pause" : null;
  return accept({
    name,
    conditions,
    then,
    capWatts: (fields["cap_watts"] as number | undefined) ?? null,
    otherwise: (fields["otherwise"] as Rule["otherwise"] | undefined) ?? standard,
    device: (fields["device"] as string | undefined) ?? null,
    holdMs: ((fields["hold_s"] as number | undefined) ?? HOLD_STANDARD_SECONDS) * 1_000,
    ifMissing: (fields["if_missing"] as Rule["ifMissing"] | undefined) ?? "pause",
  });
}

/** What is missing of a rule, or stands where it changes nothing. */
function whatDoesNotFit(fields: Fields): { key: string; allowed: string } | null {
  const has = (key: string) => fields[key] !== undefined;
  if (!has("name")) return { key: "name", allowed: "a name for the rule" };
  if (!has("then")) return { key: "then", allowed: '"pause", "run" or "cap"' };
  const isCap = fields["then"] === "cap";
  if (isCap !== has("cap_watts")) {
    return {
      key: "cap_watts",
      allowed: isCap ? 'watts for then = "cap"' : 'nothing without "cap"',
    };
  }
  const isForecast = has("cheapest_hours") || has("cleanest_hours");
  if (isForecast !== has("before")) {
    const allowed = isForecast
      ? 'a time such as "07:00" with cheapest_hours or cleanest_hours'
      : "nothing without cheapest_hours or cleanest_hours";
    return { key: "before", allowed };
  }
  return has("cheapest_hours") && has("cleanest_hours")
    ? { key: "cleanest_hours", allowed: "one of cheapest_hours and cleanest_hours" }
    : null;
}

function conditionsOf(fields: Fields): Condition[] {
  return Object.entries(fields).flatMap(([key, value]): Condition[] => {
    const threshold = readThreshold(key, value);
    if (threshold !== null) return [threshold];
    switch (key) {
      case "hours":
        return [{ kind: "hours", spans: readHours(value) ?? [] }];
      case "weekdays":
        return [
          { kind: "weekdays", days: (value as string[]).map((day) => WEEKDAYS.indexOf(day)) },
        ];
      case "on_battery":
        return [{ kind: "battery", is: value as boolean }];
      case "user_active":
        return [{ kind: "user", is: value as boolean }];
      case "cheapest_hours":
      case "cleanest_hours": {
        const [[before]] = readHours(`${String(fields["before"])}-00:00`) ?? [[0]];
        const signal = key === "cheapest_hours" ? "price" : "intensity";
        return [{ kind: "best-hours", signal, hours: value as number, before }];
      }
      default:
        return [];
    }
  });
}

function isTable(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(rule: string, key: string, value: unknown, allowed: string): Outcome<never> {
  const told = JSON.stringify(value) ?? "nothing";
  return reject("ENERGY_RULE_VALUE", { rule, key, value: told.slice(0, 128), allowed });
}
