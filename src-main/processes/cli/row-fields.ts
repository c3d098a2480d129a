/** Decides how a row of the state reads in a terminal: fields by the format's names, as text. */

import { bytesToHex } from "../../contract/bytes.ts";
import { exactViv } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";

/**
 * A row's fields in order: amounts exact, 20 bytes as an address, other bytes as hex. What is no
 * struct (a list) is one field, `entries`.
 */
export function rowFields(row: unknown): Record<string, string> {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    return { entries: fieldText("entries", row) };
  }
  const fields = Object.entries(row).flatMap(([name, value]): [string, string][] => {
    if (!isStruct(value)) return [[name, fieldText(name, value)]];
    return Object.entries(value).map(([part, inner]) => [part, fieldText(part, inner)]);
  });
  return Object.fromEntries(fields);
}

function isStruct(value: unknown): value is object {
  const isObject = typeof value === "object" && value !== null;
  return isObject && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function fieldText(name: string, value: unknown): string {
  if (value instanceof Uint8Array) {
    return value.length === 20 ? addressToText(value) : bytesToHex(value);
  }
  if (typeof value === "bigint" && name.endsWith("Base")) return `${exactViv(value)} VIV`;
  if (Array.isArray(value)) return `[${value.map((one) => fieldText(name, one)).join(", ")}]`;
  if (isStruct(value)) {
    const parts = Object.entries(value).map(([part, one]) => `${part} ${fieldText(part, one)}`);
    return `{${parts.join(", ")}}`;
  }
  return String(value);
}
