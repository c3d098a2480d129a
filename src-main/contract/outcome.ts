/**
 * Decides how the program says no. Three kinds, never mixed (CONVENTIONS.md, "Errors"):
 * a rejection is a value, a fault is thrown as `Fault`, a broken invariant stops the process.
 */

/** An expected no from an open network: a permanent code and the facts that explain it. */
export interface Rejection {
  readonly code: string;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** Either a value or the reason there is none. */
export type Outcome<T, R extends Rejection = Rejection> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: R };

/** Wraps a value as the accepting outcome. */
export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a code and its facts as the refusing outcome. */
export function reject(
  code: string,
  facts?: Readonly<Record<string, string | number | boolean>>,
): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection: facts === undefined ? { code } : { code, facts } };
}

/** The world failed (disk, driver, peer, child process): thrown, with a code and its facts. */
export class Fault extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: string,
    message: string,
    facts: Readonly<Record<string, string | number | boolean>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Fault";
    this.code = code;
    this.facts = facts;
  }
}

/** Our own bug: what the code relies on does not hold. Never caught to go on. */
export class BrokenInvariant extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BrokenInvariant";
  }
}

/** Stops when `condition` is false; the message says what was relied on. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}
