/**
 * Decides how a command says no: on stderr a line with the code, what happened, the facts and what
 * to do next, a line with what is safe, and an exit code that a script can rely on.
 */

import { explainCode, factsText } from "../../contract/explain.ts";
import type { Rejection } from "../../contract/outcome.ts";
import { safeWith } from "../../contract/safety.ts";

/** Exit codes of every verb. */
export const EXIT = { DONE: 0, FAILED: 1, USAGE: 2, UNREACHABLE: 3 } as const;

/** A rejection, with the daemon's own words where it sent some. */
export interface Refusal extends Rejection {
  readonly what?: string;
  readonly next?: string;
}

/** Ends a command from wherever it is; `runCli` prints it. */
export class CommandFailure extends Error {
  readonly refusal: Refusal;
  /** Whether the document on stdout says it already, so that no second one follows. */
  readonly isAnswered: boolean;

  constructor(refusal: Refusal, { answered = false }: { readonly answered?: boolean } = {}) {
    super(refusal.code);
    this.name = "CommandFailure";
    this.refusal = refusal;
    this.isAnswered = answered;
  }
}

/** The exit code a refusal ends a command with. */
export function exitCodeOf(refusal: Rejection): number {
  return refusal.code === "API_UNREACHABLE" ? EXIT.UNREACHABLE : EXIT.FAILED;
}

/** A refusal in lines: what happened and what to do; what is safe, where the code is known. */
export function failureText(refusal: Refusal): string {
  const safe = safeWith(refusal.code);
  return safe === "" ? failureLine(refusal) : `${failureLine(refusal)}\nSafe: ${safe}`;
}

/** A refusal as one line, for logs and lists. */
export function failureLine(refusal: Refusal): string {
  const known = explainCode(refusal.code);
  const what = (refusal.what ?? known.what).replace(/\.$/, "");
  const facts = factsText(refusal.facts ?? {});
  const next = refusal.next ?? known.next;
  return `${refusal.code}: ${what}${facts === "" ? "" : ` (${facts})`}. ${next}`.trimEnd();
}

/** The value, or the end of the command. */
export function need<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; rejection: Refusal },
): T {
  if (outcome.ok) return outcome.value;
  throw new CommandFailure(outcome.rejection);
}
