/**
 * Decides how one key of a settings file is changed: its line alone, so that the owner's words and
 * order stay. What comes out is read again; where it does not say exactly what was asked, and
 * nothing else, nothing is changed.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { CONFIG_KEYS, keyPath } from "./keys.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";
import { configValues, nearestKey, parseConfig } from "./parse-config.ts";

/** The key of a path. @rejects PROCESSES_CONFIG_KEY */
export function configKey(path: string): Outcome<ConfigKey> {
  const key = CONFIG_KEYS.find((candidate) => keyPath(candidate) === path);
  if (key !== undefined) return accept(key);
  return reject("PROCESSES_CONFIG_KEY", { key: path.slice(0, 128), nearest: nearestKey(path) });
}

/** What a person typed as a key's value: its own kind, or text. @rejects PROCESSES_CONFIG_VALUE */
export function typedValue(key: ConfigKey, text: string): Outcome<ConfigValue> {
  const kinds: Record<string, () => unknown> = {
    number: () => (/^-?[0-9]{1,16}$/.test(text) ? Number(text) : text),
    boolean: () => (text === "true" ? true : text === "false" ? false : text),
  };
  const value = (kinds[typeof key.standard] ?? (() => text))();
  if (key.allows(value)) return accept(value as ConfigValue);
  const facts = { key: keyPath(key), value: JSON.stringify(value), allowed: key.allowed };
  return reject("PROCESSES_CONFIG_VALUE", facts);
}

/**
 * The text of a settings file with one key set.
 * @rejects PROCESSES_CONFIG_EDIT (written so that no line can change it), those of `parseConfig`
 */
export function editConfig(text: string, key: ConfigKey, value: ConfigValue): Outcome<string> {
  const before = configValues(text);
  if (!before.ok) return before;
  const line = `${key.name} = ${JSON.stringify(value)}`;
  const edited = withLine(text.split("\n"), key, line).join("\n");
  const after = configValues(edited);
  const wanted = new Map(before.value).set(keyPath(key), value);
  const isSame = (path: string) => after.ok && after.value.get(path) === wanted.get(path);
  if (!after.ok || ![...wanted.keys()].every(isSame)) {
    return reject("PROCESSES_CONFIG_EDIT", { key: keyPath(key) });
  }
  const whole = parseConfig(edited);
  return whole.ok ? accept(edited) : whole;
}

/** Puts the line in place of the key's own, else under its table, else at the end. */
function withLine(lines: readonly string[], key: ConfigKey, line: string): string[] {
  const starts = key.table === "" ? 0 : lines.findIndex((one) => tableOf(one) === key.table) + 1;
  if (key.table !== "" && starts === 0) {
    const kept = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
    return [...kept, ...(kept.length === 0 ? [] : [""]), `[${key.table}]`, line, ""];
  }
  const next = lines.findIndex((one, index) => index >= starts && tableOf(one) !== null);
  const ends = next < 0 ? lines.length : next;
  const own = new RegExp(`^\\s*${key.name}\\s*=`);
  const place = lines.findIndex((one, index) => index >= starts && index < ends && own.test(one));
  if (place >= 0) return lines.map((one, index) => (index === place ? line : one));
  return [...lines.slice(0, starts), line, ...lines.slice(starts)];
}

/** The table that a line begins; null for other lines. */
function tableOf(line: string): string | null {
  return /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/.exec(line)?.[1] ?? null;
}
