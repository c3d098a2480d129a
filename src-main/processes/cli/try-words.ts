/**
 * Decides how a meter is written on one line, to try it before it goes into the settings: its kind,
 * an address, and keys of its table as `key=value`: "shelly http://192.168.1.20 password_file=pw".
 */

import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { checkMeterDescription } from "../../adapters/meters/index.ts";
import type { MeterDescription } from "../../adapters/meters/index.ts";

/** What the meter is called unless the line says otherwise. */
const TRIED_ID = "tried";

/**
 * The description in a line.
 * @rejects METERS_DESCRIPTION with meter, field and why
 */
export function parseTryWords(line: string): Outcome<MeterDescription> {
  const [kind = "", ...words] = line.trim().split(/\s+/);
  const table: Record<string, unknown> = { kind, id: TRIED_ID };
  for (const word of words) {
    const [, key, value] = /^([a-z_]+)=(.*)$/.exec(word) ?? [];
    if (key !== undefined) table[key] = keyValue(key, value);
    else if (/^https?:\/\//.test(word)) table["url"] = word;
    else if (!("host" in table)) Object.assign(table, hostAndPort(word));
    else {
      const why = `"${word.slice(0, 32)}" is neither an address nor key=value`;
      return reject("METERS_DESCRIPTION", { meter: TRIED_ID, field: "try", why });
    }
  }
  return checkMeterDescription(table);
}

/** Keys whose texts may look like numbers. */
const TEXTS = new Set(["password", "token", "user", "id", "device", "public_key", "host"]);

function keyValue(key: string, value: string): unknown {
  if (TEXTS.has(key)) return value;
  if (value === "true" || value === "false") return value === "true";
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function hostAndPort(word: string): object {
  const [, host, port] = /^([^:]+)(?::(\d+))?$/.exec(word) ?? [];
  if (host === undefined) return { host: word };
  return port === undefined ? { host } : { host, port: Number(port) };
}
