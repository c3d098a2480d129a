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
  segmentSteps,
} from "../../learning/index.ts";
import type { SegmentCommitment } from "../../learning/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { startState } from "../job/job-program.ts";
import type { JobProgram } from "../job/job-program.ts";
import type { Batch, BatchSource } from "../training/batch-source.ts";
import { SegmentTape } from "../training/segment-tape.ts";
import { downloadStates, uploadStates } from "../training/session-states.ts";
import { noteOutputs } from "../training/step-outputs.ts";
import type { ReadOutputs } from "../training/step-outputs.ts";

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
    const replay: Replay = { task, needs, list, start, session };
    for (const [index, segment] of task.segments.entries()) {
      const replayed = await replaySegment(replay, segment);
      const verdict = compare(replayed, list[segment]);
      if (verdict === "LEARNING_STATE_MISMATCH") {
        return { verdict: await nameMismatch(replay, index), segment, inners };
      }
      if (typeof replayed === "string") return { verdict: replayed, segment, inners };
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
  if (task.list === null) return "LEARNING_LIST_WITHHELD";
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

/** A replay under way. */
interface Replay {
  readonly task: ReplayTask;
  readonly needs: ReplayNeeds;
  readonly list: readonly SegmentCommitment[];
  /** The state before step 1. */
  readonly start: readonly Float32Array[];
  readonly session: EngineSession;
}

/** The state before a segment, if what was handed out has its published root; else a code. */
async function stateBefore(
  { task, needs, list, start }: Replay,
  segment: number,
): Promise<readonly Float32Array[] | string> {
  if (segment === 0) return start;
  const { program } = task.jobProgram;
  const bytes = await needs.stateBefore(segment);
  if (bytes === null) return "LEARNING_WITHHELD";
  const states = decodeState(program, bytes);
  if (!states.ok) return "LEARNING_CHECKPOINT";
  const root = stateRoot(needs.hasher, program, states.value);
  return bytesEqual(root, list[segment - 1].stateRoot) ? states.value : "LEARNING_CHECKPOINT";
}

/** What a replay gave. */
interface ReplayedSegment extends SegmentCommitment {
  readonly innerDigest: Uint8Array;
}

/** Replays a segment; the code of what is wrong where there is nothing to start from. */
async function replaySegment(replay: Replay, segment: number): Promise<ReplayedSegment | string> {
  const { task, needs, session } = replay;
  const { jobProgram, unit } = task;
  const before = await stateBefore(replay, segment);
  if (typeof before === "string") return before;
  await uploadStates(session, before);
  const tape = new SegmentTape(jobProgram.spec, segment);
  // A device is at work on the next step while the one before is written down.
  let behind: { readonly batch: Batch; readonly read: ReadOutputs } | undefined;
  for (let step = tape.next; step <= tape.last; step += 1) {
    const batch = needs.batches.batch(step);
    await session.run(step, batch.bytes);
    const read = await noteOutputs(session, [jobProgram.lossOutput]);
    if (behind !== undefined) tape.add(behind.batch, (await behind.read())[0]);
    behind = { batch, read };
  }
  if (behind !== undefined) tape.add(behind.batch, (await behind.read())[0]);
  const states = await downloadStates(session, jobProgram.program);
  const root = stateRoot(needs.hasher, jobProgram.program, states);
  return { ...tape.finish(needs.hasher, unit), stateRoot: root };
}

/** Empty when replay and publication agree. */
function compare(replayed: ReplayedSegment | string, published: SegmentCommitment): string {
  if (typeof replayed === "string") return replayed;
  // Other data explains another state as well, so it is named first.
  if (!bytesEqual(replayed.batchDigest, published.batchDigest)) return "LEARNING_BATCH_MISMATCH";
  if (!bytesEqual(replayed.stateRoot, published.stateRoot)) return "LEARNING_STATE_MISMATCH";
  return "";
}

/**
 * Says how the state of a drawn segment is wrong: its steps were not all run, or nothing of what
 * was drawn follows from the job's program, or else this segment is wrong by itself.
 * @cost one more replay of the segment, and of the other drawn ones until one of them is right
 */
async function nameMismatch(replay: Replay, index: number): Promise<string> {
  const { segments } = replay.task;
  if (await stopsShort(replay, segments[index])) return "LEARNING_STEPS_MISSING";
  // One segment alone, or one after right ones, says nothing of the whole.
  if (index > 0 || segments.length === 1) return "LEARNING_STATE_MISMATCH";
  for (const segment of segments.slice(1)) {
    const verdict = compare(await replaySegment(replay, segment), replay.list[segment]);
    if (verdict !== "LEARNING_STATE_MISMATCH") return "LEARNING_STATE_MISMATCH";
  }
  return "LEARNING_OTHER_PROGRAM";
}

/** Whether the published state is one from before the segment's last step. */
async function stopsShort(replay: Replay, segment: number): Promise<boolean> {
  const { task, needs, list, session } = replay;
  const { program, spec } = task.jobProgram;
  const states = await stateBefore(replay, segment);
  if (typeof states === "string") return false;
  await uploadStates(session, states);
  const { first, last } = segmentSteps(spec, segment);
  for (let step = first; step <= last; step += 1) {
    const root = stateRoot(needs.hasher, program, await downloadStates(session, program));
    if (bytesEqual(root, list[segment].stateRoot)) return true;
    await session.run(step, needs.batches.batch(step).bytes);
  }
  return false;
}
