/**
 * Decides where a worker goes on: after the last of the checkpoints that hold, counted from the
 * first. A damaged one ends the row, so its segment and those after it are trained again.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { decodeState, stateRoot } from "../../engine/index.ts";
import { chainNext, segmentBoundaries } from "../../learning/index.ts";
import type { JobProgram } from "../job/job-program.ts";
import { checkpointName, readCheckpoint } from "./checkpoint.ts";
import type { CheckpointHeader } from "./checkpoint.ts";
import type { UnitFolder } from "./unit-folder.ts";

/** What a checkpoint must belong to. */
export interface ResumeOrigin {
  readonly unit: Uint8Array;
  readonly jobProgram: JobProgram;
  readonly startRoot: Uint8Array;
  readonly chainStart: Uint8Array;
}

/** Headers of the segments done, and the state after the last of them. */
export interface Resumed {
  readonly headers: readonly CheckpointHeader[];
  readonly states: readonly Float32Array[] | undefined;
}

/** Reads the checkpoints of a unit. @cost one pass over all of them, hashed */
export function resumeUnit(h: Hasher, folder: UnitFolder, origin: ResumeOrigin): Resumed {
  const { jobProgram } = origin;
  const headers: CheckpointHeader[] = [];
  let states: readonly Float32Array[] | undefined;
  let chain = origin.chainStart;
  for (const [segment, step] of segmentBoundaries(jobProgram.spec).entries()) {
    const bytes = folder.read(checkpointName(segment));
    const checkpoint = bytes === undefined ? undefined : readCheckpoint(h, bytes);
    if (checkpoint === undefined) break;
    const { header, state } = checkpoint;
    const belongs =
      bytesEqual(header.unit, origin.unit) &&
      bytesEqual(header.specificationHash, jobProgram.specificationHash) &&
      bytesEqual(header.startRoot, origin.startRoot) &&
      header.segment === segment &&
      header.step === step &&
      bytesEqual(header.chain, chainNext(h, chain, step, header));
    if (!belongs) break;
    const decoded = decodeState(jobProgram.program, state);
    if (!decoded.ok) break;
    if (!bytesEqual(stateRoot(h, jobProgram.program, decoded.value), header.stateRoot)) break;
    headers.push(header);
    states = decoded.value;
    chain = header.chain;
  }
  return { headers, states };
}
