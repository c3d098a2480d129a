/**
 * Decides what `[[limits]]` may hold: what an owner says of single devices, and how one of these
 * tables is changed in a settings file. A device's limits are tighter than the protections or say
 * nothing.
 */

import {
  CELSIUS_LEAST,
  DEVICE_WATTS_MAX,
  isStandard,
  STANDARD_PROTECTIONS,
} from "../../energy/rules/index.ts";
import type { DeviceLimits } from "../../energy/rules/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** Devices that one machine has limits for; as many as `devices` lists. */
const LIMITS_MAX = 64;

/** What the generated file says of them. */
export const LIMITS_ABOUT: readonly string[] = [
  "# Limits of single devices, one [[limits]] table each; the page's Devices sets them too, and",
  "# `vivian config set limits.cpu.watts 60`. device: as `vivian devices` names it. pause_celsius:",
  "# left alone at it, works again 8 °C below; tighter than [protection], never looser. watts: the",
  "# mean that it takes at most while it works. on = false: it does not work.",
  "#",
  "# [[limits]]",
  '# device = "gpu-0"',
  "# pause_celsius = 78",
  "# watts = 180",
];

interface LimitKey {
  readonly name: "pause_celsius" | "watts" | "on";
  readonly allowed: string;
  readonly allows: (value: unknown) => boolean;
}

const HOTTEST = STANDARD_PROTECTIONS.pauseCelsius;

/** Every key of a device but its name. */
const LIMIT_KEYS: readonly LimitKey[] = [
  integerKey("pause_celsius", CELSIUS_LEAST, HOTTEST),
  integerKey("watts", 1, DEVICE_WATTS_MAX),
  { name: "on", allowed: "true or false", allows: (value) => typeof value === "boolean" },
];

const DEVICE = { allowed: "a device such as gpu-0", form: /^[a-z0-9][a-z0-9._-]{0,63}$/i };

function integerKey(name: LimitKey["name"], least: number, most: number): LimitKey {
  return {
    name,
    allowed: `a whole number from ${least} to ${most}`,
    allows: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** The limits of a document. @rejects PROCESSES_CONFIG_KEY, PROCESSES_CONFIG_VALUE */
export function limitTables(given: unknown): Outcome<readonly DeviceLimits[]> {
  if (given === undefined) return accept([]);
  if (!Array.isArray(given) || given.length > LIMITS_MAX) {
    return refuse("limits", given, `at most ${LIMITS_MAX} tables [[limits]]`);
  }
  const limits: DeviceLimits[] = [];
  for (const table of given as readonly Readonly<Record<string, unknown>>[]) {
    const read = limitTable(table);
    if (!read.ok) return read;
    if (limits.some(({ device }) => device === read.value.device)) {
      return refuse("limits.device", read.value.device, "a device that no other table names");
    }
    limits.push(read.value);
  }
  return accept(limits);
}

function limitTable(table: Readonly<Record<string, unknown>>): Outcome<DeviceLimits> {
  const { device, ...rest } = table;
  if (typeof device !== "string" || !DEVICE.form.test(device)) {
    return refuse("limits.device", device, DEVICE.allowed);
  }
  for (const [name, value] of Object.entries(rest)) {
    const key = LIMIT_KEYS.find((one) => one.name === name);
    if (key === undefined) {
      return refuseKey(device, name);
    }
    if (!key.allows(value)) return refuse(`limits.${device}.${name}`, value, key.allowed);
  }
  return accept({
    device,
    pauseCelsius: (rest["pause_celsius"] as number | undefined) ?? null,
    watts: (rest["watts"] as number | undefined) ?? null,
    on: (rest["on"] as boolean | undefined) ?? true,
  });
}

/** One limit of a device as a person names it: "limits.gpu-0.watts"; null for another key. */
export function limitPath(path: string): { readonly device: string; readonly name: string } | null {
  const parts = /^limits\.(?<device>.+)\.(?<name>[a-z_]+)$/u.exec(path)?.groups;
  if (parts === undefined) return null;
  return { device: parts["device"], name: parts["name"] };
}

/**
 * A device's limits with one of them as a person typed it; "standard" takes it back.
 * @rejects PROCESSES_CONFIG_KEY, PROCESSES_CONFIG_VALUE
 */
export function typedLimit(
  before: DeviceLimits,
  name: string,
  text: string,
): Outcome<DeviceLimits> {
  const typed: Readonly<Record<string, unknown>> = { true: true, false: false };
  const value = typed[text] ?? (/^[0-9]{1,9}$/.test(text) ? Number(text) : text);
  const table = Object.fromEntries(fieldsOf(before));
  if (text === "standard" && LIMIT_KEYS.some((key) => key.name === name)) {
    return limitTable(Object.fromEntries(Object.entries(table).filter(([key]) => key !== name)));
  }
  return limitTable({ ...table, [name]: value });
}

/** One limit of a device; null: the standard. @rejects PROCESSES_CONFIG_KEY */
export function limitValue(
  { device, pauseCelsius, watts, on }: DeviceLimits,
  name: string,
): Outcome<number | boolean | null> {
  switch (name) {
    case "pause_celsius":
      return accept(pauseCelsius);
    case "watts":
      return accept(watts);
    case "on":
      return accept(on);
    default:
      return refuseKey(device, name);
  }
}

/** Names and values as a table has them; what is standard is left out. */
function fieldsOf({ device, pauseCelsius, watts, on }: DeviceLimits): [string, unknown][] {
  const fields: [string, unknown][] = [["device", device]];
  if (pauseCelsius !== null) fields.push(["pause_celsius", pauseCelsius]);
  if (watts !== null) fields.push(["watts", watts]);
  if (!on) fields.push(["on", false]);
  return fields;
}

/** The text of a settings file with a device's table in place of the one that it had. */
export function withLimits(text: string, limits: DeviceLimits): string {
  const lines = text.split("\n");
  const place = tablePlace(lines, limits.device);
  const kept = place === null ? lines : [...lines.slice(0, place.first), ...lines.slice(place.end)];
  if (isStandard(limits)) return kept.join("\n");
  const own = fieldsOf(limits).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const table = ["[[limits]]", ...own];
  if (place !== null)
    return [...kept.slice(0, place.first), ...table, ...kept.slice(place.first)].join("\n");
  return `${`${kept.join("\n").trimEnd()}\n\n${table.join("\n")}`.trimStart()}\n`;
}

/** The lines of a device's table, from its name to its last key; null where there is none. */
function tablePlace(
  lines: readonly string[],
  device: string,
): { readonly first: number; readonly end: number } | null {
  const begins = (line: string) => /^\s*\[/.test(line);
  const isKey = (line: string) => /^\s*[A-Za-z_"'][^#]*=/.test(line);
  const name = JSON.stringify(device);
  const names = (line: string) => {
    const value = /^\s*device\s*=\s*(?<value>"[^"]*"|'[^']*')/u.exec(line)?.groups?.["value"];
    return value !== undefined && `"${value.slice(1, -1)}"` === name;
  };
  for (const [first, line] of lines.entries()) {
    if (!/^\s*\[\[\s*limits\s*\]\]/.test(line)) continue;
    const after = lines.findIndex((one, index) => index > first && begins(one));
    const within = lines.slice(first + 1, after < 0 ? lines.length : after);
    if (!within.some(names)) continue;
    return { first, end: first + 2 + within.findLastIndex(isKey) };
  }
  return null;
}

function refuse(key: string, value: unknown, allowed: string): Outcome<never> {
  const told = JSON.stringify(value) ?? "nothing";
  return reject("PROCESSES_CONFIG_VALUE", { key, value: told.slice(0, 128), allowed });
}

/** A key that no device has, with the one it resembles: the first that holds it, or begins so. */
function refuseKey(device: string, name: string): Outcome<never> {
  const like = LIMIT_KEYS.find((key) => key.name.includes(name) || name.includes(key.name));
  const found = like ?? LIMIT_KEYS.find((key) => key.name.startsWith(name.slice(0, 1)));
  const nearest = (found ?? LIMIT_KEYS[0]).name;
  return reject("PROCESSES_CONFIG_KEY", {
    key: `limits.${device}.${name}`,
    nearest: `limits.${device}.${nearest}`,
  });
}
