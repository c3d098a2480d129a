/** Decides what the doctor says of one thing it looked at. */

import { CODES, explainCode } from "../../contract/explain.ts";
import { Fault } from "../../contract/outcome.ts";

/** "attention": it works, with a drawback. "fault": something will not work until it is mended. */
export type Verdict = "ok" | "attention" | "fault";

/** One thing looked at. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly verdict: Verdict;
  readonly text: string;
  /** How to mend it; null where nothing is to do. */
  readonly next: string | null;
}

/** It is as it should be. */
export function ok(check: string, text: string): Finding {
  return { check, verdict: "ok", text, next: null };
}

/** It works, with a drawback. */
export function attention(check: string, text: string, next: string): Finding {
  return { check, verdict: "attention", text, next };
}

/** It has to be mended. */
export function fault(check: string, text: string, next: string): Finding {
  return { check, verdict: "fault", text, next };
}

/** Something thrown, by its code's own words where it has one. */
export function faultOf(check: string, error: unknown): Finding {
  if (!(error instanceof Fault) || CODES[error.code] === undefined) {
    const message = error instanceof Error ? error.message : String(error);
    return fault(check, message, "Look at the message; `vivian logs` may say more.");
  }
  const { what, next } = explainCode(error.code);
  return fault(check, `${error.code}: ${what} (${error.message})`, next);
}
