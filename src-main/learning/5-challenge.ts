/**
 * Step 5: decides which segments a verifier replays, how it binds itself to what it found, and
 * what the worker must open. The draw waits for a beacon after the reveal and a VRF of the
 * verifier, so neither side can know or choose it.
 */

import { fixedBytes, list, struct, u32 } from "../codec/index.ts";
import type { Codec } from "../codec/index.ts";
import { bytesEqual } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { inclusionProof, leafHash, verifyInclusion } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";
import { segmentCount } from "./1-specify.ts";
import type { JobSpecification } from "./1-specify.ts";
import { innerListRoot } from "./4-commit.ts";
import { OPENING_PROOF_MAX, SEGMENTS_MAX } from "./limits.ts";
import { expectDigest, domainBytes, domainHash, u32Bytes } from "./domains.ts";

/** The bytes a verifier's VRF is taken over: they bind the unit and what was revealed for it. */
export function challengeAlpha(unit: Uint8Array, chainHead: Uint8Array): Uint8Array {
  expectDigest(unit, "a unit id");
  expectDigest(chainHead, "a chain head");
  return domainBytes("challenge", unit, chainHead);
}

/** What a verifier has to replay. */
export interface Draw {
  readonly full: boolean;
  /** Ascending, without repeats; every segment when `full`. */
  readonly segments: readonly number[];
}

/**
 * Draws the segments of one verifier.
 * @param vrfOutput  64 bytes: the verifier's VRF output over `challengeAlpha`
 * @bound            each number comes from 256 bits, so no choice is uneven by more than 2^-200
 */
export function drawSegments(
  h: Hasher,
  beacon: Uint8Array,
  vrfOutput: Uint8Array,
  spec: Pick<
    JobSpecification,
    "steps" | "segmentLength" | "sampledSegments" | "fullReplayPermille"
  >,
): Draw {
  expectDigest(beacon, "a beacon");
  invariant(vrfOutput.length === 64, "a VRF output has 64 bytes");
  const count = segmentCount(spec);
  const seed = domainHash(h, "draw", beacon, vrfOutput);
  const full = drawBelow(h, seed, 0, 1000) < spec.fullReplayPermille;
  if (full || spec.sampledSegments >= count) {
    return { full, segments: Array.from({ length: count }, (_, segment) => segment) };
  }
  // Floyd's method: each subset of this size is equally likely and no draw is ever repeated.
  const chosen = new Set<number>();
  for (let last = count - spec.sampledSegments; last < count; last += 1) {
    const candidate = drawBelow(h, seed, last + 1, last + 1);
    chosen.add(chosen.has(candidate) ? last : candidate);
  }
  return { full, segments: [...chosen].sort((left, right) => left - right) };
}

/** Number `index` of the draw, uniform in 0..end-1. */
function drawBelow(h: Hasher, seed: Uint8Array, index: number, end: number): number {
  const digest = domainHash(h, "drawNumber", seed, u32Bytes(index));
  // The remainder of the 256-bit number, byte by byte; 2^10 · 2^8 stays far below 2^53.
  let remainder = 0;
  for (const byte of digest) remainder = (remainder * 256 + byte) % end;
  return remainder;
}

/**
 * Exact chance, as a fraction, that one verifier meets at least one wrong segment.
 * @param wrong  segments of the unit that are wrong
 */
export function detectionOdds(
  spec: Pick<
    JobSpecification,
    "steps" | "segmentLength" | "sampledSegments" | "fullReplayPermille"
  >,
  wrong: number,
): { readonly numerator: bigint; readonly denominator: bigint } {
  const count = segmentCount(spec);
  invariant(wrong >= 0 && wrong <= count, "wrong segments are segments of the unit");
  if (wrong === 0) return { numerator: 0n, denominator: 1n };
  // All of the sample falls on the right segments: product of (right − i) / (count − i).
  let missed = 1n;
  let all = 1n;
  for (let index = 0; index < spec.sampledSegments; index += 1) {
    missed *= BigInt(count - wrong > index ? count - wrong - index : 0);
    all *= BigInt(count - index);
  }
  const sampledPermille = BigInt(1000 - spec.fullReplayPermille);
  return { numerator: all * 1000n - missed * sampledPermille, denominator: all * 1000n };
}

/**
 * What the verifier commits before the worker opens: H(tag ‖ count ‖ inner digests ‖ verifier ‖
 * salt). Bound to its address, so nobody can copy it.
 * @param inners    inner digests of the drawn segments, ascending
 * @param verifier  address, 20 bytes
 */
export function innerCommitment(
  h: Hasher,
  inners: readonly Uint8Array[],
  verifier: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  for (const inner of inners) expectDigest(inner, "an inner digest");
  invariant(verifier.length === 20, "an address has 20 bytes");
  expectDigest(salt, "a salt");
  return domainHash(h, "innerCommitment", u32Bytes(inners.length), ...inners, verifier, salt);
}

/** What a replay can find wrong; a verifier cannot accuse of anything else. */
const VERDICTS: readonly string[] = [
  "LEARNING_START_ROOT",
  "LEARNING_LIST",
  "LEARNING_LIST_WITHHELD",
  "LEARNING_CHAIN",
  "LEARNING_WITHHELD",
  "LEARNING_CHECKPOINT",
  "LEARNING_BATCH_MISMATCH",
  "LEARNING_STATE_MISMATCH",
  "LEARNING_STEPS_MISSING",
  "LEARNING_OTHER_PROGRAM",
];

/** Whether a text is a verdict: empty accepts, else it is the code of what was found. */
export function isVerdict(text: string): boolean {
  return text === "" || VERDICTS.includes(text);
}

/** One inner digest the worker opens. */
export interface InnerOpening {
  readonly segment: number;
  readonly inner: Uint8Array;
  /** RFC 9162 inclusion path in the inner list; empty when every segment is opened. */
  readonly proof: readonly Uint8Array[];
}

/** Canonical bytes of the openings of one unit. */
export const innerOpeningsCodec: Codec<readonly InnerOpening[]> = list(
  struct({ segment: u32, inner: fixedBytes(32), proof: list(fixedBytes(32), OPENING_PROOF_MAX) }),
  SEGMENTS_MAX,
);

/**
 * Opens the drawn segments. When all are drawn the proofs are left out: the list itself gives the
 * root, and a full replay of 1,023 segments would otherwise carry 320 KiB of paths.
 */
export function openInners(
  h: Hasher,
  inners: readonly Uint8Array[],
  drawn: readonly number[],
): InnerOpening[] {
  const leaves = inners.map((inner) => leafHash(h, inner));
  const whole = drawn.length === inners.length;
  return drawn.map((segment) => ({
    segment,
    inner: inners[segment],
    proof: whole ? [] : inclusionProof(h, leaves, segment),
  }));
}

/**
 * Checks a worker's openings against the root it sealed; answers the inner digests.
 * @param drawn  the segments drawn, ascending; the openings must be exactly these, in order
 * @rejects      LEARNING_OPENING_SEGMENTS, LEARNING_OPENING_PROOF
 */
export function verifyOpenings(
  h: Hasher,
  root: Uint8Array,
  segments: number,
  drawn: readonly number[],
  openings: readonly InnerOpening[],
): Outcome<readonly Uint8Array[]> {
  const exact =
    openings.length === drawn.length &&
    openings.every((opening, index) => opening.segment === drawn[index]);
  if (!exact) {
    return reject("LEARNING_OPENING_SEGMENTS", { drawn: drawn.length, opened: openings.length });
  }
  const inners = openings.map((opening) => opening.inner);
  if (drawn.length === segments) {
    const bare = openings.every((opening) => opening.proof.length === 0);
    if (!bare || !bytesEqual(innerListRoot(h, inners), root)) {
      return reject("LEARNING_OPENING_PROOF", { segment: 0 });
    }
    return accept(inners);
  }
  for (const { segment, inner, proof } of openings) {
    const path = { leafHash: leafHash(h, inner), index: segment, size: segments, proof };
    if (!verifyInclusion(h, root, path)) {
      return reject("LEARNING_OPENING_PROOF", { segment });
    }
  }
  return accept(inners);
}
