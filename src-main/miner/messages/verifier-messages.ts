/** Decides what daemon and verifier process say to each other. */

import type { Outcome } from "../../contract/outcome.ts";
import { SEGMENTS_MAX, SPECIFICATION_BYTES_MAX } from "../../learning/index.ts";
import { PATH_BYTES_MAX, STATE_BYTES_MAX } from "../limits.ts";
import {
  bytesUpTo,
  checkMessage,
  count,
  digest,
  finite,
  listOf,
  orAbsent,
  orNull,
  textUpTo,
} from "./message-check.ts";
import type { MessageShapes } from "./message-check.ts";
import { deviceRule, faultShape } from "./worker-messages.ts";
import type { DeviceChoice } from "./worker-messages.ts";

/** What was revealed, what was drawn, and where the data set is. */
export interface StartVerifier {
  readonly kind: "start";
  readonly unit: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  /** Canonical bytes of the final specification. */
  readonly specification: Uint8Array;
  /** Bytes of the published list; null when nobody hands it out. */
  readonly list: Uint8Array | null;
  readonly listDigest: Uint8Array;
  readonly startRoot: Uint8Array;
  readonly endRoot: Uint8Array;
  readonly chainHead: Uint8Array;
  /** Drawn segments, ascending. */
  readonly segments: readonly number[];
  readonly datasetPath: string;
  /** File of the state the job begins with; absent where it begins from its seed. */
  readonly startPath?: string | undefined;
  readonly device: DeviceChoice;
}

/** What the daemon tells a verifier. */
export type VerifierCommand =
  | StartVerifier
  | {
      readonly kind: "state";
      readonly segment: number;
      /** State bytes before the segment's first step; null when nobody hands them out. */
      readonly bytes: Uint8Array | null;
    }
  | { readonly kind: "stop" };

/** What a verifier found. */
export interface VerifierResult {
  readonly kind: "verdict";
  /** Empty accepts; else the code of what is wrong. */
  readonly verdict: string;
  /** The first segment that is wrong; 0 where none is. */
  readonly segment: number;
  /** Inner digests of the drawn segments; all zero from where the replay ended. */
  readonly inners: readonly Uint8Array[];
  /** Everything the process cost, its start included. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What a verifier tells the daemon. */
export type VerifierReport =
  | { readonly kind: "need-state"; readonly segment: number }
  | { readonly kind: "progress"; readonly checked: number; readonly total: number }
  | VerifierResult
  | {
      readonly kind: "fault";
      readonly code: string;
      readonly message: string;
      readonly facts: Readonly<Record<string, string | number | boolean>>;
    };

const COMMANDS: MessageShapes = {
  start: {
    unit: digest,
    job: digest,
    round: count,
    shard: count,
    specification: bytesUpTo(SPECIFICATION_BYTES_MAX),
    list: orNull(bytesUpTo(65_536)),
    listDigest: digest,
    startRoot: digest,
    endRoot: digest,
    chainHead: digest,
    segments: listOf(count, SEGMENTS_MAX),
    datasetPath: textUpTo(PATH_BYTES_MAX),
    startPath: orAbsent(textUpTo(PATH_BYTES_MAX)),
    device: deviceRule,
  },
  state: { segment: count, bytes: orNull(bytesUpTo(STATE_BYTES_MAX)) },
  stop: {},
};

const REPORTS: MessageShapes = {
  "need-state": { segment: count },
  progress: { checked: count, total: count },
  verdict: {
    verdict: textUpTo(64),
    segment: count,
    inners: listOf(digest, SEGMENTS_MAX),
    cpuMs: finite,
    wallMs: finite,
  },
  fault: faultShape,
};

/** Reads a message of the daemon in the verifier; rejects MINER_MESSAGE. */
export function checkVerifierCommand(value: unknown): Outcome<VerifierCommand> {
  return checkMessage(COMMANDS, value);
}

/** Reads a message of a verifier in the daemon; rejects MINER_MESSAGE. */
export function checkVerifierReport(value: unknown): Outcome<VerifierReport> {
  return checkMessage(REPORTS, value);
}
