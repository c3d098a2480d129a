/**
 * Step 3: decides what a worker hashes while it trains: segment boundaries, the chain over state
 * roots and batch digests, and the inner digest that only a replay can find.
 */

import { invariant } from "../contract/outcome.ts";
import type { Hasher } from "../crypto/index.ts";
import { segmentCount } from "./1-specify.ts";
import type { JobSpecification } from "./1-specify.ts";
import { expectDigest, domainHash, u32Bytes } from "./domains.ts";

/** Number of the last step of each segment, ascending; the last one is `steps`. */
export function segmentBoundaries(
  spec: Pick<JobSpecification, "steps" | "segmentLength">,
): number[] {
  const boundaries: number[] = [];
  const count = segmentCount(spec);
  for (let segment = 1; segment <= count; segment += 1) {
    boundaries.push(Math.min(segment * spec.segmentLength, spec.steps));
  }
  return boundaries;
}

/** First and last step of a segment (segments count from 0, steps from 1). */
export function segmentSteps(
  spec: Pick<JobSpecification, "steps" | "segmentLength">,
  segment: number,
): { readonly first: number; readonly last: number } {
  invariant(segment >= 0 && segment < segmentCount(spec), "the segment is one of the unit's");
  const first = segment * spec.segmentLength + 1;
  return { first, last: Math.min(first + spec.segmentLength - 1, spec.steps) };
}

/** What a chain starts from; it names the work, not the worker, so honest peers match. */
export interface ChainOrigin {
  readonly specificationHash: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  /** State root before step 1. */
  readonly startRoot: Uint8Array;
}

/** h_0 = H(tag ‖ specification hash ‖ job ‖ round ‖ shard ‖ start root). */
export function chainStart(h: Hasher, origin: ChainOrigin): Uint8Array {
  expectDigest(origin.specificationHash, "a specification hash");
  expectDigest(origin.job, "a job id");
  expectDigest(origin.startRoot, "a start root");
  return domainHash(
    h,
    "chainStart",
    origin.specificationHash,
    origin.job,
    u32Bytes(origin.round),
    u32Bytes(origin.shard),
    origin.startRoot,
  );
}

/** What a worker publishes of one segment. */
export interface SegmentCommitment {
  /** State root after the segment's last step. */
  readonly stateRoot: Uint8Array;
  readonly batchDigest: Uint8Array;
}

/** h_t = H(tag ‖ h_{t-1} ‖ t ‖ state root_t ‖ batch digest_t); `step` is the segment's last. */
export function chainNext(
  h: Hasher,
  previous: Uint8Array,
  step: number,
  segment: SegmentCommitment,
): Uint8Array {
  expectDigest(previous, "a chain link");
  expectDigest(segment.stateRoot, "a state root");
  expectDigest(segment.batchDigest, "a batch digest");
  return domainHash(
    h,
    "chainNext",
    previous,
    u32Bytes(step),
    segment.stateRoot,
    segment.batchDigest,
  );
}

/**
 * The chain head over a whole published list.
 * @param boundaries  last step of each segment, as many as `list` has entries
 */
export function foldChain(
  h: Hasher,
  start: Uint8Array,
  boundaries: readonly number[],
  list: readonly SegmentCommitment[],
): Uint8Array {
  invariant(list.length === boundaries.length, "the list has one entry for each segment");
  let link = start;
  for (const [index, segment] of list.entries()) {
    link = chainNext(h, link, boundaries[index], segment);
  }
  return link;
}

/**
 * Batch digest of a segment: H(tag ‖ t ‖ leaf hashes of its samples in step order).
 * @param lastStep    number of the segment's last step
 * @param leafHashes  RFC 9162 leaf hashes of the samples, 32 bytes each, joined
 */
export function batchDigest(h: Hasher, lastStep: number, leafHashes: Uint8Array): Uint8Array {
  invariant(leafHashes.length % 32 === 0, "leaf hashes have 32 bytes each");
  return domainHash(h, "batch", u32Bytes(lastStep), leafHashes);
}

/**
 * Inner digest of a segment: H(tag ‖ unit ‖ segment ‖ loss bits of each step). It binds the unit,
 * so the same losses elsewhere do not help; and it is not published, so only a replay finds it.
 * @param lossBits  f32 bit pattern of the loss of each step of the segment, in step order
 */
export function innerDigest(
  h: Hasher,
  unit: Uint8Array,
  segment: number,
  lossBits: Uint32Array,
): Uint8Array {
  expectDigest(unit, "a unit id");
  const bytes = new Uint8Array(4 * lossBits.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < lossBits.length; index += 1) {
    view.setUint32(4 * index, lossBits[index], true);
  }
  return domainHash(h, "inner", unit, u32Bytes(segment), bytes);
}
