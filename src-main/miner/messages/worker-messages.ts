/** Decides what daemon and worker process say to each other. */

import type { Outcome } from "../../contract/outcome.ts";
import { SEGMENTS_MAX, SPECIFICATION_BYTES_MAX } from "../../learning/index.ts";
import type { SegmentCommitment } from "../../learning/index.ts";
import { LEAST_PACE, PATH_BYTES_MAX } from "../limits.ts";
import {
  checkMessage,
  count,
  digest,
  facts,
  finite,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  recordOf,
  textUpTo,
  bytesUpTo,
} from "./message-check.ts";
import type { MessageShapes } from "./message-check.ts";

/** Which backend computes; null leaves a choice to the backend. */
export interface DeviceChoice {
  readonly engine: "native-cpu" | "cuda" | "webgpu" | "wasm" | "reference";
  /** SIMD level, such as "avx2", or a graphics adapter's name; null takes the best one. */
  readonly isa: string | null;
  readonly threads: number | null;
}

/** The work and where its files are. */
export interface StartWorker {
  readonly kind: "start";
  readonly unit: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  /** Canonical bytes of the final specification. */
  readonly specification: Uint8Array;
  readonly unitFolder: string;
  readonly datasetPath: string;
  /** File of the state the job begins with; absent where it begins from its seed. */
  readonly startPath?: string | undefined;
  readonly device: DeviceChoice;
  /** Share of the time in which steps may run; absent: all of it. */
  readonly pace?: number;
}

/** What the daemon tells a worker. */
export type WorkerCommand =
  | StartWorker
  | { readonly kind: "pause" | "resume" | "stop" }
  | { readonly kind: "pace"; readonly pace: number };

/** Where the time of a unit went, in milliseconds, over all runs of the worker. */
export interface UnitTimes {
  /** Wall time of training steps. */
  readonly trainMs: number;
  /** Wall time training stood still for hashing, chain and checkpoints. */
  readonly commitMs: number;
  /** Wall time of spot checks against the reference. */
  readonly spotMs: number;
  /** Processor time of the training steps, all threads; what verification is compared with. */
  readonly trainCpuMs: number;
}

/** Where a worker is. */
export interface WorkerProgress {
  readonly kind: "progress";
  readonly step: number;
  readonly segmentsDone: number;
  readonly loss: number | null;
  /** Share of recent training samples answered right; null for a text. */
  readonly accuracy: number | null;
  readonly stepsPerSecond: number | null;
  readonly times: UnitTimes;
}

/** How well held-out samples are answered. */
export interface HoldoutResult {
  readonly correct: number;
  /** Samples, of a text tokens. */
  readonly total: number;
  /** Mean loss of a token of a text; null where samples are told apart. */
  readonly nats: number | null;
}

/** Everything a seal and a reveal are made of. */
export interface WorkerResult {
  readonly kind: "done";
  readonly startRoot: Uint8Array;
  readonly endRoot: Uint8Array;
  readonly chainHead: Uint8Array;
  readonly list: readonly SegmentCommitment[];
  readonly inners: readonly Uint8Array[];
  readonly holdout: HoldoutResult | null;
  readonly times: UnitTimes;
}

/** What a worker tells the daemon. */
export type WorkerReport =
  | {
      readonly kind: "ready";
      readonly engine: string;
      readonly variant: string;
      readonly resumedSegments: number;
      /** The last step that is not trained again. */
      readonly resumedStep: number;
      readonly lossHistory: readonly LossPoint[];
    }
  | WorkerProgress
  | { readonly kind: "segment"; readonly segment: number; readonly point: LossPoint }
  | WorkerResult
  | { readonly kind: "stopped" }
  | {
      readonly kind: "fault";
      readonly code: string;
      readonly message: string;
      readonly facts: Readonly<Record<string, string | number | boolean>>;
    };

/** Mean loss of a segment at its last step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** Rule of a device choice, for the verifier's messages as well. */
export const deviceRule = recordOf({
  engine: oneOf("native-cpu", "cuda", "webgpu", "wasm", "reference"),
  isa: orNull(textUpTo(128)),
  threads: orNull(count),
});

/** A rest is at most 99 times as long as the work before it. */
const paceRule = (value: unknown) => typeof value === "number" && value >= LEAST_PACE && value <= 1;

const timesRule = recordOf({
  trainMs: finite,
  commitMs: finite,
  spotMs: finite,
  trainCpuMs: finite,
});
const pointRule = recordOf({ step: count, loss: finite });

/** Rule of a fault, for the verifier's messages as well. */
export const faultShape = { code: textUpTo(64), message: textUpTo(2_048), facts };

const COMMANDS: MessageShapes = {
  start: {
    unit: digest,
    job: digest,
    round: count,
    shard: count,
    specification: bytesUpTo(SPECIFICATION_BYTES_MAX),
    unitFolder: textUpTo(PATH_BYTES_MAX),
    datasetPath: textUpTo(PATH_BYTES_MAX),
    startPath: orAbsent(textUpTo(PATH_BYTES_MAX)),
    device: deviceRule,
    pace: orAbsent(paceRule),
  },
  pace: { pace: paceRule },
  pause: {},
  resume: {},
  stop: {},
};

const REPORTS: MessageShapes = {
  ready: {
    engine: textUpTo(64),
    variant: textUpTo(128),
    resumedSegments: count,
    resumedStep: count,
    lossHistory: listOf(pointRule, SEGMENTS_MAX),
  },
  progress: {
    step: count,
    segmentsDone: count,
    loss: orNull(finite),
    accuracy: orNull(finite),
    stepsPerSecond: orNull(finite),
    times: timesRule,
  },
  segment: { segment: count, point: pointRule },
  done: {
    startRoot: digest,
    endRoot: digest,
    chainHead: digest,
    list: listOf(recordOf({ stateRoot: digest, batchDigest: digest }), SEGMENTS_MAX),
    inners: listOf(digest, SEGMENTS_MAX),
    holdout: orNull(recordOf({ correct: count, total: count, nats: orNull(finite) })),
    times: timesRule,
  },
  stopped: {},
  fault: faultShape,
};

/** Reads a message of the daemon in the worker; rejects MINER_MESSAGE. */
export function checkWorkerCommand(value: unknown): Outcome<WorkerCommand> {
  return checkMessage(COMMANDS, value);
}

/** Reads a message of a worker in the daemon; rejects MINER_MESSAGE. */
export function checkWorkerReport(value: unknown): Outcome<WorkerReport> {
  return checkMessage(REPORTS, value);
}
