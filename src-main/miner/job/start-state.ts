/**
 * Decides how the state that a job begins with is opened: read whole from its file, and the very
 * one whose root the job names, or nothing is computed.
 */

import { readFileSync, statSync } from "node:fs";

import { bytesEqual } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { decodeState, stateBytesSize, stateRoot } from "../../engine/index.ts";
import type { JobProgram } from "./job-program.ts";

/**
 * The job with its start, where it begins from a given state.
 * @param path  file of the state's bytes; undefined where nobody has them
 * Throws Fault LEARNING_START where the file is missing or holds another state.
 */
export function withStart(h: Hasher, jobProgram: JobProgram, path: string | undefined): JobProgram {
  const { spec, program } = jobProgram;
  if (spec.startRoot.every((byte) => byte === 0) || path === undefined) return jobProgram;
  const states = decodeState(program, readWhole(path, stateBytesSize(program)));
  if (!states.ok) {
    throw new Fault("LEARNING_START", "the start is no state of the job's program", {
      reason: states.rejection.code,
    });
  }
  if (!bytesEqual(stateRoot(h, program, states.value), spec.startRoot)) {
    throw new Fault("LEARNING_START", "the start is not the state that the job names");
  }
  return { ...jobProgram, start: states.value };
}

function readWhole(path: string, size: number): Uint8Array {
  try {
    if (statSync(path).size === size) return readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Fault("LEARNING_START", "the start cannot be read", { reason }, error);
  }
  throw new Fault("LEARNING_START", "the start is not as long as a state of the job's program");
}
