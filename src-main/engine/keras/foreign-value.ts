/**
 * Decides how values of a foreign JSON document are looked at: own keys only, so that a key such as
 * `__proto__` is a key like any other, and nothing is taken for what it is not.
 */
import { shownValue, stop } from "./keras-stop.ts";

/** An object of a JSON document. */
export type ForeignObject = Readonly<Record<string, unknown>>;

/** The value as an object; stops with ENGINE_KERAS_FORM. */
export function objectAt(value: unknown, where: string): ForeignObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as ForeignObject;
  }
  return stop("ENGINE_KERAS_FORM", { where, given: shownValue(value), rule: "an object" });
}

/** The object's own key; undefined where it is absent or null. */
export function own(object: ForeignObject, key: string): unknown {
  return Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined;
}

/** The value as a list of at most `most`; stops with ENGINE_KERAS_FORM or _LIMIT. */
export function listAt(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) {
    return stop("ENGINE_KERAS_FORM", { where, given: shownValue(value), rule: "a list" });
  }
  if (value.length > most) {
    stop("ENGINE_KERAS_LIMIT", { what: where, value: value.length, max: most });
  }
  return value as readonly unknown[];
}

/** The value as text that is not empty; stops with ENGINE_KERAS_FORM. */
export function textAt(value: unknown, where: string, most: number): string {
  if (typeof value !== "string" || value === "") {
    return stop("ENGINE_KERAS_FORM", { where, given: shownValue(value), rule: "a text" });
  }
  if (value.length > most) {
    stop("ENGINE_KERAS_LIMIT", { what: where, value: value.length, max: most });
  }
  return value;
}

/** Whether a value is an integer within bounds. */
export function isCount(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}
