/** Decides how rules read in a terminal: what each would do now, with the figures it goes by. */

import type { CapInForce, RulesPreview, RulesState } from "../../contract/control-api/index.ts";
import { RULE_KEYS } from "../../energy/rules/index.ts";
import { pairs, table } from "./table.ts";

type PreviewedRule = RulesPreview["rules"][number];

/** What is decided, and every rule in a line. */
export function rulesLines(state: RulesState, { rules }: RulesPreview): string[] {
  const { limits, unprotected } = state;
  const watts = limits.totalWatts === null ? "" : `, ${limits.totalWatts} W in all`;
  const lines = [
    stateLine(state),
    // One that holds work is the first line already.
    ...state.caps.filter(({ share }) => share > 0).flatMap(capLines),
    "",
    ...(rules.length === 0
      ? ["No rules: work runs. `vivian rules keys` lists what a rule may say."]
      : table(
          ["rule", "asks for", "because"],
          rules.map((rule) => [
            `${rule.decides ? "> " : "  "}${rule.name}`,
            asks(rule),
            rule.because,
          ]),
        )),
    "",
    `Protections: pause at ${limits.pauseCelsius} °C, resume at ${limits.resumeCelsius} °C, stop ` +
      `at ${limits.stopCelsius} °C, hold ${limits.holdMs / 1_000} s, ${limits.failures} failures` +
      watts,
  ];
  if (unprotected.length > 0) {
    lines.push(
      `No temperature is told by ${unprotected.join(", ")}: nothing protects it from heat.`,
    );
  }
  return lines;
}

function stateLine(state: RulesState): string {
  if (state.sentence !== null) return `${state.sentence}.`;
  if (state.overridden) return "Runs: its owner started it against the rules, until they change.";
  if (!state.wanted) return "Nothing holds work; its owner paused it.";
  return state.rule === null ? "Nothing holds work." : `Runs, as rule '${state.rule}' asks for.`;
}

/** A cap, and what would have the card keep it by itself. */
export function capLines({ sentence, needs }: CapInForce): string[] {
  return [`${sentence}.`, ...(needs === null ? [] : [`  ${needs}`])];
}

function asks(rule: PreviewedRule): string {
  if (rule.asks !== null) return rule.holds === null ? `${rule.asks} (to be safe)` : rule.asks;
  return "nothing";
}

/** Every rule with its conditions and what it is expected to change. */
export function previewLines({ rules }: RulesPreview): string[] {
  if (rules.length === 0) return ["No rules: work runs."];
  return rules.flatMap((rule) => {
    const decides = rule.decides ? ", which decides" : "";
    const otherwise = rule.otherwise === null ? "" : `, otherwise ${rule.otherwise}`;
    const conditions = rule.conditions.map(({ holds, words }) => {
      const mark = holds === null ? "?" : holds ? "yes" : "no";
      return `  ${mark.padEnd(3)}  ${words}`;
    });
    const effect = rule.effect === null ? [] : [`  expected: ${rule.effect}`];
    return [
      `${rule.name}: then ${rule.then}${otherwise}; now asks for ${asks(rule)}${decides}`,
      ...conditions,
      ...effect,
    ];
  });
}

/** Every key of a rule, what it means and what it may be. */
export function ruleKeyLines(): string[] {
  return pairs(RULE_KEYS.map(({ name, about, allowed }) => [name, `${about} (${allowed})`]));
}
