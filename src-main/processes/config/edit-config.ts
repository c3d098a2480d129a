/**
 * Decides how one key of a settings file is changed: its line alone, so that the owner's words and
 * order stay. What comes out is read again; where it does not say exactly what was asked, and
 * nothing else, nothing is changed.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { noLimits } from "../../energy/rules/index.ts";
import type { DeviceLimits } from "../../energy/rules/index.ts";
import { CONFIG_KEYS, keyPath } from "./keys.ts";
import type { Config } from "./keys.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";
import { withLimits } from "./limit-tables.ts";
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

/**
 * The text of a settings file with the limits of one device set.
 * @rejects PROCESSES_CONFIG_EDIT (written so that no lines can change it), those of `parseConfig`
 */
export function editLimits(text: string, limits: DeviceLimits): Outcome<string> {
  const before = parseConfig(text);
  if (!before.ok) return before;
  const edited = withLimits(text, limits);
  const after = parseConfig(edited);
  if (!after.ok) {
    // A value that is not allowed is the caller's; anything else is how the file is written.
    const isValue = after.rejection.code === "PROCESSES_CONFIG_VALUE";
    return isValue ? after : reject("PROCESSES_CONFIG_EDIT", { key: `limits.${limits.device}` });
  }
  const others = ({ limits: all }: Config) => all.filter((one) => one.device !== limits.device);
  const own = after.value.limits.find(({ device }) => device === limits.device);
  const isSet = JSON.stringify(own ?? noLimits(limits.device)) === JSON.stringify(limits);
  const rest = (config: Config) => JSON.stringify({ ...config, limits: others(config) });
  if (!isSet || rest(before.value) !== rest(after.value)) {
    return reject("PROCESSES_CONFIG_EDIT", { key: `limits.${limits.device}` });
  }
  return accept(edited);
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
