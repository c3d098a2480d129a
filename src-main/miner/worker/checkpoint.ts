/**
 * Decides what a checkpoint is: u32 header length ‖ canonical header ‖ SHA-256 of the header ‖
 * state bytes. The header says everything the chain needs of its segment, the state bytes are
 * checked against the header's state root, so a damaged file is always noticed.
 */

import { decode, encode, fixedBytes, struct, u32, u64 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { CHECKPOINT_HEADER_BYTES_MAX } from "../limits.ts";

const digest = fixedBytes(32);

/** Bytes of a header. Times are microseconds over all runs so far. */
const headerCodec = struct({
  version: u32,
  unit: digest,
  specificationHash: digest,
  segment: u32,
  step: u32,
  startRoot: digest,
  stateRoot: digest,
  batchDigest: digest,
  innerDigest: digest,
  /** Chain link after this segment. */
  chain: digest,
  /** f32 bits of the segment's mean loss, for the loss curve only. */
  meanLossBits: u32,
  trainUs: u64,
  commitUs: u64,
  spotUs: u64,
  trainCpuUs: u64,
});

/** What a checkpoint says about its segment. */
export type CheckpointHeader = ValueOf<typeof headerCodec>;

/** Version of the format; a worker of another one starts the unit again. */
export const CHECKPOINT_VERSION = 1;

/** Name of a segment's checkpoint in the unit's folder. */
export function checkpointName(segment: number): string {
  return `segment-${String(segment).padStart(4, "0")}.checkpoint`;
}

/** The parts of a file, to be written one after another. */
export function checkpointParts(
  h: Hasher,
  header: CheckpointHeader,
  state: Uint8Array,
): readonly Uint8Array[] {
  return framedParts(h, encode(headerCodec, header), state);
}

/** Reads a checkpoint; undefined when it is damaged. The state bytes are a view, not checked. */
export function readCheckpoint(
  h: Hasher,
  bytes: Uint8Array,
): { readonly header: CheckpointHeader; readonly state: Uint8Array } | undefined {
  const framed = readFramed(h, bytes, CHECKPOINT_HEADER_BYTES_MAX);
  if (framed === undefined) return undefined;
  const header = decode(headerCodec, framed.head);
  if (!header.ok || header.value.version !== CHECKPOINT_VERSION) return undefined;
  return { header: header.value, state: framed.state };
}

/** A head with its length and its hash, then the state. */
export function framedParts(h: Hasher, head: Uint8Array, state: Uint8Array): readonly Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  return [concatBytes(length, head, h(head)), state];
}

/** Both of them, as views; undefined where the head is damaged or longer than it may be. */
export function readFramed(
  h: Hasher,
  bytes: Uint8Array,
  headBytesMax: number,
): { readonly head: Uint8Array; readonly state: Uint8Array } | undefined {
  if (bytes.length < 4) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (size > headBytesMax || bytes.length < 36 + size) return undefined;
  const head = bytes.subarray(4, 4 + size);
  if (!bytesEqual(h(head), bytes.subarray(4 + size, 36 + size))) return undefined;
  return { head, state: bytes.subarray(36 + size) };
}

/** The state bytes of a checkpoint, copied; null when it is damaged. The asker checks the root. */
export function readSegmentState(h: Hasher, bytes: Uint8Array): Uint8Array | null {
  const checkpoint = readCheckpoint(h, bytes);
  // A copy with a buffer of its own: a view would carry the whole file across to a child.
  return checkpoint === undefined ? null : Uint8Array.from(checkpoint.state);
}
