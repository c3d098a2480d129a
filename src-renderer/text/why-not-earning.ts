/** Decides the answer to "why am I not earning?", from what the daemon says of itself. */

import type { Status } from "../../src-main/contract/control-api/status.ts";
import { explainCode } from "../../src-main/contract/explain.ts";
import type { Mark, Tone } from "./phase-words.ts";

/** The reason, with what follows from it. */
export interface Reason {
  readonly tone: Tone;
  readonly mark: Mark;
  readonly title: string;
  readonly more: string;
  readonly code: string;
}

/** Why nothing is being earned; null while work is under way and the last unit was paid. */
export function whyNotEarning({ mine, lastResult, jobsOpen }: Status): Reason | null {
  if (mine.state === "failed" && mine.code !== null) {
    const { what, next } = explainCode(mine.code);
    return reason("fault", "fault", `Not earning: ${what}`, next, mine.code);
  }
  if (mine.state === "idle" && mine.code !== null) {
    const { what, next } = explainCode(mine.code);
    return reason("attention", "wait", `Not earning: ${what}`, next, mine.code);
  }
  if (mine.state === "paused" && mine.reason !== undefined && mine.code !== null) {
    const { next } = explainCode(mine.code);
    return reason("attention", "pause", `Not earning: ${mine.reason}.`, next, mine.code);
  }
  if (mine.state === "paused") {
    return reason("attention", "pause", "Not earning: paused by you", "Press Start to go on.");
  }
  if (lastResult !== null && lastResult.outcome === "voided" && lastResult.code !== null) {
    const { what, next } = explainCode(lastResult.code);
    return reason(
      "attention",
      "stop",
      `The last unit was not paid: ${what}`,
      next,
      lastResult.code,
    );
  }
  if (mine.unit === null && jobsOpen === 0) {
    return reason("calm", "wait", "Not earning: there is no job", "Submit one on the Work screen.");
  }
  return null;
}

function reason(tone: Tone, mark: Mark, title: string, more: string, code = ""): Reason {
  return { tone, mark, title, more, code };
}
