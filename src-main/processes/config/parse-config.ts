/**
 * Decides what config.toml means: every key is known or refused with the nearest known one, every
 * value is allowed or refused with what would be. A missing key takes its default.
 */

import { parse, TomlError } from "smol-toml";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { CONFIG_KEYS, configOf, keyPath } from "./keys.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";
import type { Config } from "./keys.ts";
import { LIMITS_ABOUT, limitTables } from "./limit-tables.ts";
import { METERS_ABOUT, meterTables } from "./meter-tables.ts";
import { RULES_ABOUT, ruleTables } from "./rule-tables.ts";
import { isLoopback, parseListen } from "./listen-address.ts";

/**
 * Reads the text of a config file.
 * @rejects PROCESSES_CONFIG_SYNTAX (line, column, problem), PROCESSES_CONFIG_KEY (key, nearest),
 *   PROCESSES_CONFIG_VALUE (key, value, allowed), PROCESSES_METRICS_OPEN,
 *   METERS_DESCRIPTION (meter, field, why), ENERGY_RULE_KEY, ENERGY_RULE_VALUE
 */
export function parseConfig(text: string): Outcome<Config> {
  const document = documentOf(text);
  if (!document.ok) return document;
  const values = valuesOf(document.value);
  if (!values.ok) return values;
  const value = (path: string) => values.value.get(path) as ConfigValue;
  const meters = meterTables(document.value["meters"]);
  if (!meters.ok) return meters;
  const rules = ruleTables(document.value["rules"]);
  if (!rules.ok) return rules;
  const limits = limitTables(document.value["limits"]);
  if (!limits.ok) return limits;
  const tables = { meters: meters.value, rules: rules.value, limits: limits.value };
  const config = { ...configOf(value), ...tables };
  return metricsRefusal(config) ?? accept(config);
}

/** Every key's value by its path, standards included. @rejects as `parseConfig`, key by key */
export function configValues(text: string): Outcome<Map<string, ConfigValue>> {
  const document = documentOf(text);
  return document.ok ? valuesOf(document.value) : document;
}

/** Names of the tables that are lists, as `[[meters]]`; each is checked by a file of its own. */
const LIST_TABLES: readonly string[] = ["meters", "rules", "limits"];

function documentOf(text: string): Outcome<Record<string, unknown>> {
  try {
    return accept(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = error.message.split("\n")[0].replace(/^Invalid TOML document: /, "");
    return reject("PROCESSES_CONFIG_SYNTAX", { line: error.line, column: error.column, problem });
  }
}

function valuesOf(document: Record<string, unknown>): Outcome<Map<string, ConfigValue>> {
  const given = flatten(document);
  for (const [path, value] of given) {
    const key = CONFIG_KEYS.find((candidate) => keyPath(candidate) === path);
    if (key === undefined) {
      return reject("PROCESSES_CONFIG_KEY", { key: path, nearest: nearestKey(path) });
    }
    if (!key.allows(value)) {
      const facts = { key: path, value: JSON.stringify(value) ?? "", allowed: key.allowed };
      return reject("PROCESSES_CONFIG_VALUE", facts);
    }
  }
  const value = (key: ConfigKey) => (given.get(keyPath(key)) ?? key.standard) as ConfigValue;
  return accept(new Map(CONFIG_KEYS.map((key) => [keyPath(key), value(key)])));
}

/** Whoever can reach the machine could read metrics that are open beyond it. */
function metricsRefusal({ page }: Config): Outcome<never> | null {
  const { metricsListen, metricsTokenFile } = page;
  if (metricsListen === "" || metricsTokenFile !== "") return null;
  const listens = parseListen(metricsListen);
  if (listens === null || isLoopback(listens.host)) return null;
  return reject("PROCESSES_METRICS_OPEN", { "page.metrics_listen": metricsListen });
}

/** The file that a new data folder gets: every key with its words and its default. */
export function defaultConfigText(): string {
  const lines = [
    "# Settings of VIVIAN Miner for this data folder. Read when the daemon starts.",
    "# A key that is deleted or commented out takes its default, which is what stands here.",
  ];
  let table = "";
  for (const key of CONFIG_KEYS) {
    if (key.table !== table) lines.push("", `[${key.table}]`);
    table = key.table;
    lines.push("", ...key.about.map((words) => `# ${words}`));
    lines.push(`${key.name} = ${JSON.stringify(key.standard)}`);
  }
  lines.push("", ...LIMITS_ABOUT, "", ...METERS_ABOUT, "", ...RULES_ABOUT);
  return `${lines.join("\n")}\n`;
}

/** Leaves of the document by dotted path; an empty or foreign table counts as a key itself. */
function flatten(document: Record<string, unknown>): Map<string, unknown> {
  const tables = new Set(CONFIG_KEYS.map((key) => key.table));
  const leaves = new Map<string, unknown>();
  for (const [name, value] of Object.entries(document)) {
    if (LIST_TABLES.includes(name)) continue;
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isTable || value instanceof Date) leaves.set(name, value);
    else if (!tables.has(name) && Object.keys(value).length === 0) leaves.set(name, value);
    else for (const [inner, leaf] of Object.entries(value)) leaves.set(`${name}.${inner}`, leaf);
  }
  return leaves;
}

/** The known key with the fewest letters changed; a key's bare name counts as near as its path. */
export function nearestKey(path: string): string {
  let nearest = "";
  let least = Number.POSITIVE_INFINITY;
  for (const key of CONFIG_KEYS) {
    const distance = Math.min(
      editDistance(path, keyPath(key)),
      editDistance(path.slice(path.lastIndexOf(".") + 1), key.name) + 0.5,
    );
    if (distance < least) {
      least = distance;
      nearest = keyPath(key);
    }
  }
  return nearest;
}

/** Longest name compared; what is longer is near to nothing. */
const COMPARED_MAX = 64;

/** Levenshtein: insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  if (from.length > COMPARED_MAX) return COMPARED_MAX;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
