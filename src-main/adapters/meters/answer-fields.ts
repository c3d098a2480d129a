/** Decides how a field of a device's JSON answer is read: it is what it must be, or a fault. */

import { Fault } from "../../contract/outcome.ts";
import { NAME_CHARACTERS_MAX } from "./limits.ts";

/** A JSON object of a device. */
export type Answer = Readonly<Record<string, unknown>>;

/** Reads JSON whose top is an object. Throws Fault METERS_ANSWER. */
export function parseAnswer(text: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Fault("METERS_ANSWER", "the meter answered something that is no JSON", {}, error);
  }
  if (isAnswer(value)) return value;
  throw new Fault("METERS_ANSWER", "the meter's answer is no object", {});
}

/** Whether it is a JSON object. */
export function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under a name; undefined where there is none. */
export function objectIn(answer: Answer, name: string): Answer | undefined {
  const value = answer[name];
  return isAnswer(value) ? value : undefined;
}

/** The finite number under a name. Throws Fault METERS_ANSWER. */
export function numberIn(answer: Answer, name: string): number {
  const value = answer[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Fault("METERS_ANSWER", "a number is missing in the meter's answer", { field: name });
}

/** The number under a name, or null where the device gives none. */
export function optionalNumber(answer: Answer, name: string): number | null {
  const value = answer[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A name that a device gives itself, made harmless to show; null where it gives none. */
export function nameIn(answer: Answer, name: string): string | null {
  const value = answer[name];
  return typeof value === "string" ? harmlessName(value) : null;
}

/**
 * Without control characters, at most NAME_CHARACTERS_MAX characters; null where nothing is left.
 */
export function harmlessName(value: string): string | null {
  const kept = value
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, NAME_CHARACTERS_MAX);
  return kept === "" ? null : kept;
}
