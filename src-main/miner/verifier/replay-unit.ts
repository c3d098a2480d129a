/**
 * Decides what a verifier finds: it recomputes the start root from the seed, folds the published
 * list to the sealed chain head and replays the drawn segments from the states the worker hands
 * out. Everything it relies on comes from the specification or is checked against a root.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { decodeState, stateRoot } from "../../engine/index.ts";
import {
  chainStart,
  foldChain,
  publishedListCodec,
  segmentBoundaries,
} from "../../learning/index.ts";
import type { SegmentCommitment } from "../../learning/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { startState } from "../job/job-program.ts";
import type { JobProgram } from "../job/job-program.ts";
import type { BatchSource } from "../training/batch-source.ts";
import { SegmentTape } from "../training/segment-tape.ts";
import { downloadStates, uploadStates } from "../training/session-states.ts";

/** What was revealed of a unit and what was drawn. */
export interface ReplayTask {
  readonly unit: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  readonly jobProgram: JobProgram;
  /** Bytes of the published list; null when nobody hands it out. */
  readonly list: Uint8Array | null;
  readonly listDigest: Uint8Array;
  readonly startRoot: Uint8Array;
  readonly endRoot: Uint8Array;
  readonly chainHead: Uint8Array;
  /** Drawn segments, ascending. */
  readonly segments: readonly number[];
}

/** What replaying needs of the world. */
export interface ReplayNeeds {
  readonly hasher: Hasher;
  readonly backend: EngineBackend;
  readonly batches: BatchSource;
  /** State bytes before a segment's first step; null when nobody hands them out. */
  readonly stateBefore: (segment: number) => Promise<Uint8Array | null>;
  readonly progress: (checked: number) => void;
}

/** What a verifier commits to. */
export interface Verdict {
  /** Empty accepts; else the code of what is wrong. */
  readonly verdict: string;
  readonly segment: number;
  /** Inner digests of the drawn segments; all zero from where the replay ended. */
  readonly inners: readonly Uint8Array[];
}

/** Checks a unit. Never throws for what the worker did wrong: that is the verdict. */
export async function replayUnit(task: ReplayTask, needs: ReplayNeeds): Promise<Verdict> {
  const inners: Uint8Array[] = task.segments.map(() => new Uint8Array(32));
  const start = startState(task.jobProgram);
  const startRoot = stateRoot(needs.hasher, task.jobProgram.program, start);
  if (!bytesEqual(startRoot, task.startRoot)) {
    return { verdict: "LEARNING_START_ROOT", segment: 0, inners };
  }
  const list = readList(task, needs.hasher);
  if (typeof list === "string") return { verdict: list, segment: 0, inners };
  const session = await needs.backend.open(task.jobProgram.programBytes);
  try {
    for (const [index, segment] of task.segments.entries()) {
      const states = segment === 0 ? start : await stateOf(task, needs, list, segment);
      if (states === undefined) return { verdict: "LEARNING_WITHHELD", segment, inners };
      await uploadStates(session, states);
      const replayed = await replaySegment(task, needs, session, segment);
      const verdict = compare(replayed, list[segment]);
      if (verdict !== "") return { verdict, segment, inners };
      inners[index] = replayed.innerDigest;
      needs.progress(index + 1);
    }
  } finally {
    session.close();
  }
  return { verdict: "", segment: 0, inners };
}

/** The published list, or the code of what is wrong with it. */
function readList(task: ReplayTask, h: Hasher): readonly SegmentCommitment[] | string {
  if (task.list === null) return "LEARNING_WITHHELD";
  if (!bytesEqual(h(task.list), task.listDigest)) return "LEARNING_LIST";
  const list = decode(publishedListCodec, task.list);
  const boundaries = segmentBoundaries(task.jobProgram.spec);
  if (!list.ok || list.value.length !== boundaries.length) return "LEARNING_LIST";
  const start = chainStart(h, {
    specificationHash: task.jobProgram.specificationHash,
    job: task.job,
    round: task.round,
    shard: task.shard,
    startRoot: task.startRoot,
  });
  const head = foldChain(h, start, boundaries, list.value);
  const last = list.value[list.value.length - 1];
  const whole = bytesEqual(head, task.chainHead) && bytesEqual(last.stateRoot, task.endRoot);
  return whole ? list.value : "LEARNING_CHAIN";
}

/** The state before a segment, if what was handed out has its published root. */
async function stateOf(
  { jobProgram: { program } }: ReplayTask,
  { hasher, stateBefore }: ReplayNeeds,
  list: readonly SegmentCommitment[],
  segment: number,
): Promise<readonly Float32Array[] | undefined> {
  const bytes = await stateBefore(segment);
  const states = bytes === null ? undefined : decodeState(program, bytes);
  if (states === undefined || !states.ok) return undefined;
  const root = stateRoot(hasher, program, states.value);
  return bytesEqual(root, list[segment - 1].stateRoot) ? states.value : undefined;
}

/** What a replay gave. */
interface ReplayedSegment extends SegmentCommitment {
  readonly innerDigest: Uint8Array;
}

async function replaySegment(
  { jobProgram, unit }: ReplayTask,
  { hasher, batches }: ReplayNeeds,
  session: EngineSession,
  segment: number,
): Promise<ReplayedSegment> {
  const tape = new SegmentTape(jobProgram.spec, segment);
  while (tape.next <= tape.last) {
    const batch = batches.batch(tape.next);
    await session.run(tape.next, batch.bytes);
    tape.add(batch, await session.output(jobProgram.lossOutput));
  }
  const states = await downloadStates(session, jobProgram.program);
  const root = stateRoot(hasher, jobProgram.program, states);
  return { ...tape.finish(hasher, unit), stateRoot: root };
}

/** Empty when replay and publication agree. */
function compare(replayed: ReplayedSegment, published: SegmentCommitment): string {
  // Other data explains another state as well, so it is named first.
  if (!bytesEqual(replayed.batchDigest, published.batchDigest)) return "LEARNING_BATCH_MISMATCH";
  if (!bytesEqual(replayed.stateRoot, published.stateRoot)) return "LEARNING_STATE_MISMATCH";
  return "";
}
