/**
 * Decides the sentence that says why work waits and what ends it: by the rule's name and figures,
 * and, where forecasts and the clock tell, about until when.
 */

import { forecastAt } from "./best-hours.ts";
import { firstAsking } from "./decide.ts";
import type { Decision, DecisionState, RuleSettings } from "./decide.ts";
import { judgeRule } from "./judge-rule.ts";
import type { JudgedRule } from "./judge-rule.ts";
import { LOOK_AHEAD_MS, LOOK_STEP_MS } from "./limits.ts";
import { clockWords } from "./signals.ts";
import type { RuleTimes, SignalsNow } from "./signals.ts";

/**
 * Why work waits; null where it runs and nothing is worth a word.
 * @param untilMs  what `pauseEnd` answered, which may be some time ago
 */
export function decisionSentence(
  decision: Decision,
  times: RuleTimes,
  untilMs: number | null,
): string | null {
  const { protection, work, rule, judged, heldMs } = decision;
  if (protection !== null) return protection.sentence;
  if (work === "run") return null;
  const own = judged.find((one) => one.rule.name === rule);
  if (own === undefined) return null;
  if (heldMs > 0) {
    const until = clockWords(times.localTime(times.nowMs + heldMs).minutes);
    return `Paused by rule '${rule ?? ""}' until its holding time is over, about ${until}`;
  }
  const until =
    untilMs === null ? "" : `, about until ${clockWords(times.localTime(untilMs).minutes)}`;
  return `Paused by rule '${rule ?? ""}': ${becauseOf(own)}${until}`;
}

/** What led a rule to what it asks for. */
export function becauseOf({ because, isSafeState, rule }: JudgedRule): string {
  if (rule.conditions.length === 0) return "it has no conditions";
  return isSafeState ? `${because}, and without it less work is the safe way` : because;
}

/**
 * The moment at which rules no longer want a pause, as far as the clock and forecasts tell; null
 * where that hangs on what nobody foretells, or lies more than a day ahead.
 */
export function pauseEnd(
  state: DecisionState,
  { rules }: RuleSettings,
  signals: SignalsNow,
  times: RuleTimes,
): number | null {
  let conditions = state.conditions;
  const first = Math.floor(times.nowMs / LOOK_STEP_MS + 1) * LOOK_STEP_MS;
  for (let nowMs = first; nowMs < times.nowMs + LOOK_AHEAD_MS; nowMs += LOOK_STEP_MS) {
    const then = {
      ...signals,
      price: forecastAt(signals.prices, nowMs),
      intensity: forecastAt(signals.intensities, nowMs),
    };
    const judged = rules.map((rule) =>
      judgeRule(rule, conditions.get(rule.name) ?? [], then, { ...times, nowMs }),
    );
    const asking = judged.find(({ asks }) => asks !== null);
    // Beyond the forecast nothing is known, and the safe state of then is not foretold either.
    if (asking?.isSafeState === true) return null;
    if (firstAsking(judged).wanted.work === "run") return nowMs;
    conditions = new Map(
      judged.map(({ rule, conditions: all }) => [rule.name, all.map((one) => one.state)]),
    );
  }
  return null;
}
