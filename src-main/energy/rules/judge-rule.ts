/**
 * Decides what a rule asks for at a moment. Without a signal it asks for what leads to less work: a
 * pause and a cap hold, a run does not; or, where its owner says so, it is passed over.
 */

import { FRESH_CONDITION, judgeCondition } from "./conditions.ts";
import type { ConditionState, JudgedCondition } from "./conditions.ts";
import type { Rule } from "./rule.ts";
import type { RuleTimes, SignalsNow } from "./signals.ts";

/** A rule at a moment. */
export interface JudgedRule {
  readonly rule: Rule;
  /** Whether its conditions hold; null where that hangs on a missing signal. */
  readonly holds: boolean | null;
  /** What it asks for; null where the rules below decide. */
  readonly asks: "pause" | "run" | "cap" | null;
  readonly conditions: readonly JudgedCondition[];
  /** The conditions in words that led to what it asks for. */
  readonly because: string;
  /** Whether a missing signal led to it. */
  readonly isSafeState: boolean;
}

/** Judges a rule; what is remembered of its conditions is in the answer's. */
export function judgeRule(
  rule: Rule,
  states: readonly ConditionState[],
  signals: SignalsNow,
  times: RuleTimes,
): JudgedRule {
  const conditions = rule.conditions.map((condition, index) =>
    judgeCondition(rule, condition, states[index] ?? FRESH_CONDITION, signals, times),
  );
  const isFalse = conditions.some(({ holds }) => holds === false);
  const isMissing = conditions.some(({ holds }) => holds === null);
  const holds = isFalse ? false : isMissing ? null : true;
  const deciding = conditions.filter((one) => one.holds === holds);
  const because = deciding.map(({ words }) => words).join(" and ");
  const asks = whatIsAsked(rule, holds);
  return { rule, holds, asks, conditions, because, isSafeState: holds === null };
}

function whatIsAsked(rule: Rule, holds: boolean | null): JudgedRule["asks"] {
  if (holds === true) return rule.then;
  if (holds === false) return rule.otherwise;
  if (rule.ifMissing === "ignore") return null;
  // Less work of the two ways that it may be.
  if (rule.then === "run") return rule.otherwise;
  return rule.then;
}
