/**
 * Decides how the reading of a foreign model ends early: thrown as `KerasStop` wherever it is
 * found; `import-layers-model.ts` and `export-layers-model.ts` turn it into their rejection.
 */
import type { ENGINE_KERAS_CODES } from "../../contract/codes/engine-keras.ts";
import type { Outcome, Rejection } from "../../contract/outcome.ts";
import { accept } from "../../contract/outcome.ts";

/** The codes of foreign models. */
export type KerasCode = keyof typeof ENGINE_KERAS_CODES;

/** Characters of foreign text in a fact; one line of a terminal. */
const SHOWN_CHARACTERS_MAX = 60;

/** What would break a line, hide text or turn its direction in a terminal. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Ends the reading of a model. */
export class KerasStop extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.code);
    this.name = "KerasStop";
    this.rejection = rejection;
  }
}

/** Foreign text on one line, cut to a readable length. */
export function shown(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
  return cut.toWellFormed().replace(UNSHOWABLE, "?");
}

/** A foreign value in few words. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "null";
  if (!Array.isArray(value)) return typeof value === "object" ? "an object" : typeof value;
  const parts = value.slice(0, 4).map((part) => (Array.isArray(part) ? "…" : shownValue(part)));
  return shown(`[${parts.join(", ")}${value.length > parts.length ? ", …" : ""}]`);
}

/** Ends the reading with that code; text in the facts is cut to one line. */
export function stop(code: KerasCode, facts: Readonly<Record<string, string | number>>): never {
  const plain = Object.entries(facts).map(([key, value]) => {
    // Rules are ours and whole sentences; everything else may be foreign.
    const isOurs = key === "rule" || key === "instead" || typeof value === "number";
    return [key, isOurs ? value : shown(value)] as const;
  });
  throw new KerasStop({ code, facts: Object.fromEntries(plain) });
}

/** Runs a reading; what stops it becomes the rejection. */
export function ended<T>(read: () => T): Outcome<T> {
  try {
    return accept(read());
  } catch (error) {
    if (error instanceof KerasStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
}
