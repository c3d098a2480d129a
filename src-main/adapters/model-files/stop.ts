/** Decides how reading or writing model files ends early: thrown here, a rejection outside. */

import type { MODEL_FILE_CODES } from "../../contract/codes/model-file.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome, Rejection } from "../../contract/outcome.ts";

/** The codes of this room. */
type ModelFileCode = keyof typeof MODEL_FILE_CODES;

/** Ends the work on a model's files; `ended` alone catches it. */
class ModelFileStop extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.code);
    this.name = "ModelFileStop";
    this.rejection = rejection;
  }
}

/** Ends the work with that code. */
export function stop(code: ModelFileCode, facts: Readonly<Record<string, string | number>>): never {
  throw new ModelFileStop({ code, facts });
}

/** The value, or the end of the work with the rejection. */
export function held<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ModelFileStop(outcome.rejection);
}

/** Runs the work; what stops it becomes the rejection. */
export function ended<T>(work: () => T): Outcome<T> {
  try {
    return accept(work());
  } catch (error) {
    if (error instanceof ModelFileStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
}

/** The code of a failed system call; any other error is ours and is thrown on. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string" && !(error instanceof ModelFileStop)) return code;
  throw error;
}
