/**
 * Decides how a message between the daemon and its children is checked, on both sides: a child
 * may be half broken (a driver crash), so nothing in it is believed unseen.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** Whether a value may stand in a field. */
export type FieldRule = (value: unknown) => boolean;

/** The fields of each kind of message; others are refused. */
export type MessageShapes = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

/** Exactly `size` bytes. */
export function bytesOf(size: number): FieldRule {
  return (value) => value instanceof Uint8Array && value.length === size;
}

/** At most `max` bytes. */
export function bytesUpTo(max: number): FieldRule {
  return (value) => value instanceof Uint8Array && value.length <= max;
}

/** A text of at most `max` characters. */
export function textUpTo(max: number): FieldRule {
  return (value) => typeof value === "string" && value.length <= max;
}

/** One of these texts. */
export function oneOf(...names: readonly string[]): FieldRule {
  return (value) => typeof value === "string" && names.includes(value);
}

/** A list of at most `max` items that each obey a rule. */
export function listOf(rule: FieldRule, max: number): FieldRule {
  return (value) => Array.isArray(value) && value.length <= max && value.every(rule);
}

/** The rule, or null. */
export function orNull(rule: FieldRule): FieldRule {
  return (value) => value === null || rule(value);
}

/** The rule, or nothing: a field that may be absent. */
export function orAbsent(rule: FieldRule): FieldRule {
  return (value) => value === undefined || rule(value);
}

/** An object with exactly these fields. */
export function recordOf(fields: Readonly<Record<string, FieldRule>>): FieldRule {
  return (value) => wrongField(fields, value) === undefined;
}

/** A count: a whole number from 0. */
export const count: FieldRule = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A finite number. */
export const finite: FieldRule = (value) => Number.isFinite(value);

/** 32 bytes. */
export const digest: FieldRule = bytesOf(32);

/** Facts of a fault: at most 32 plain values. */
export const facts: FieldRule = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length <= 32 &&
  Object.values(value).every((fact) => ["string", "number", "boolean"].includes(typeof fact));

/**
 * Reads a message of one of the kinds.
 * @rejects MINER_MESSAGE with kind and field
 */
export function checkMessage<M extends { readonly kind: string }>(
  shapes: MessageShapes,
  value: unknown,
): Outcome<M> {
  if (typeof value !== "object" || value === null || !("kind" in value)) {
    return reject("MINER_MESSAGE", { kind: "none", field: "kind" });
  }
  const { kind, ...rest } = value as { kind: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) {
    return reject("MINER_MESSAGE", { kind: "unknown", field: "kind" });
  }
  const wrong = wrongField(shapes[kind], rest);
  if (wrong !== undefined) return reject("MINER_MESSAGE", { kind, field: wrong });
  return accept(value as M);
}

/** The first field that is missing, extra or wrong. */
function wrongField(fields: Readonly<Record<string, FieldRule>>, value: unknown) {
  if (typeof value !== "object" || value === null) return "(whole)";
  const given = value as Readonly<Record<string, unknown>>;
  const extra = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  return extra ?? Object.keys(fields).find((name) => !fields[name](given[name]));
}
