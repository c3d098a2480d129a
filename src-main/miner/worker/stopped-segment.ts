/**
 * Decides what a worker that is told to stop in the middle of a segment leaves behind: u32 header
 * length ‖ canonical header ‖ SHA-256 of the header ‖ state bytes, as a checkpoint, and in the
 * header the losses of the steps that were run. It is taken up only where it follows the last whole
 * checkpoint of this unit and its state hashes to the root that it states; else those steps are
 * trained again. It proves nothing and is sent to nobody.
 */

import { decode, encode, fixedBytes, list, struct, u32, u64 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { decodeState, stateRoot } from "../../engine/index.ts";
import { segmentSteps } from "../../learning/index.ts";
import type { JobProgram } from "../job/job-program.ts";
import { CHECKPOINT_HEADER_BYTES_MAX, STOPPED_STEPS_MAX } from "../limits.ts";
import { framedParts, readFramed } from "./checkpoint.ts";
import type { UnitFolder } from "./unit-folder.ts";

/** Its name in the unit's folder; the next stop replaces it. */
export const STOPPED_NAME = "stopped.checkpoint";

const VERSION = 1;
const HEADER_BYTES_MAX = CHECKPOINT_HEADER_BYTES_MAX + 4 * STOPPED_STEPS_MAX;

const digest = fixedBytes(32);

const headerCodec = struct({
  version: u32,
  unit: digest,
  specificationHash: digest,
  startRoot: digest,
  segment: u32,
  /** Chain link before the segment. */
  chain: digest,
  /** Of the state after the last step that was run. */
  stateRoot: digest,
  /** f32 bits of the loss of each step, from the segment's first on. */
  lossBits: list(u32, STOPPED_STEPS_MAX),
  trainUs: u64,
  commitUs: u64,
  spotUs: u64,
  trainCpuUs: u64,
});

/** What is kept of a segment in progress. */
export type StoppedHeader = Omit<ValueOf<typeof headerCodec>, "version">;

/** Where it must fit in. */
export interface StoppedPlace extends Pick<
  StoppedHeader,
  "unit" | "startRoot" | "segment" | "chain"
> {
  readonly jobProgram: JobProgram;
}

/** A segment to go on in. */
export interface StoppedSegment {
  readonly header: StoppedHeader;
  readonly states: readonly Float32Array[];
}

/** The parts of the file, to be written one after another. */
export function stoppedParts(
  h: Hasher,
  header: StoppedHeader,
  state: Uint8Array,
): readonly Uint8Array[] {
  return framedParts(h, encode(headerCodec, { version: VERSION, ...header }), state);
}

/** What the folder holds of the segment; undefined where there is none that fits and is whole. */
export function readStopped(
  h: Hasher,
  folder: UnitFolder,
  place: StoppedPlace,
): StoppedSegment | undefined {
  const bytes = folder.read(STOPPED_NAME);
  const read = bytes === undefined ? undefined : readHeader(h, bytes);
  if (read === undefined) return undefined;
  const { header, state } = read;
  const { program, specificationHash, spec } = place.jobProgram;
  const { first, last } = segmentSteps(spec, place.segment);
  const fits =
    header.segment === place.segment &&
    bytesEqual(header.unit, place.unit) &&
    bytesEqual(header.specificationHash, specificationHash) &&
    bytesEqual(header.startRoot, place.startRoot) &&
    bytesEqual(header.chain, place.chain) &&
    header.lossBits.length > 0 &&
    header.lossBits.length <= last - first;
  if (!fits) return undefined;
  const decoded = decodeState(program, state);
  if (!decoded.ok) return undefined;
  if (!bytesEqual(stateRoot(h, program, decoded.value), header.stateRoot)) return undefined;
  return { header, states: decoded.value };
}

function readHeader(
  h: Hasher,
  bytes: Uint8Array,
): { readonly header: StoppedHeader; readonly state: Uint8Array } | undefined {
  const framed = readFramed(h, bytes, HEADER_BYTES_MAX);
  if (framed === undefined) return undefined;
  const decoded = decode(headerCodec, framed.head);
  if (!decoded.ok || decoded.value.version !== VERSION) return undefined;
  return { header: decoded.value, state: framed.state };
}
