/** Decides what `[[rules]]` may hold, and what the generated file says of them. */

import { parse, TomlError } from "smol-toml";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseRules } from "../../energy/rules/index.ts";
import type { Rule } from "../../energy/rules/index.ts";

/** What the generated file says of them. */
export const RULES_ABOUT: readonly string[] = [
  "# When work runs, one [[rules]] table each; the first one that asks for something decides, else",
  "# work runs. All conditions of a rule must hold. `vivian rules keys` lists them all, `vivian",
  "# rules preview` shows what each rule would do now. A number, or [begin, end]:",
  "#",
  "# [[rules]]",
  '# name = "sun"',
  '# then = "run"',
  '# otherwise = "pause"',
  "# surplus_above = [500, 200]",
  "#",
  "# [[rules]]",
  '# name = "early"',
  '# then = "run"',
  "# cheapest_hours = 4",
  '# before = "07:00"',
];

/** The rules of a document. @rejects ENERGY_RULE_KEY, ENERGY_RULE_VALUE */
export function ruleTables(given: unknown): Outcome<readonly Rule[]> {
  return given === undefined ? accept([]) : parseRules(given);
}

/**
 * The text of a settings file with its rules replaced by those of another text, which holds rules
 * alone. Nothing but the tables `[[rules]]` is changed.
 * @rejects PROCESSES_CONFIG_SYNTAX, PROCESSES_CONFIG_KEY, ENERGY_RULE_KEY, ENERGY_RULE_VALUE
 */
export function withRules(settings: string, rules: string): Outcome<string> {
  let document: Record<string, unknown>;
  try {
    document = parse(rules);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = error.message.split("\n")[0].replace(/^Invalid TOML document: /, "");
    return reject("PROCESSES_CONFIG_SYNTAX", { line: error.line, column: error.column, problem });
  }
  const other = Object.keys(document).find((name) => name !== "rules");
  if (other !== undefined) return reject("PROCESSES_CONFIG_KEY", { key: other, nearest: "rules" });
  const read = ruleTables(document["rules"]);
  if (!read.ok) return read;
  const kept = withoutRules(settings.split("\n")).join("\n").trimEnd();
  return accept(`${kept}\n\n${rules.trim()}\n`.replace(/^\n+/, ""));
}

/** The lines outside of tables `[[rules]]`. */
function withoutRules(lines: readonly string[]): string[] {
  let isWithin = false;
  return lines.filter((line) => {
    const table = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/.exec(line)?.[1];
    if (table !== undefined) isWithin = table === "rules" || table.startsWith("rules.");
    return !isWithin;
  });
}
