/**
 * Step 2: decides what a work unit is called and who gets it. The draw is a pure function of a
 * beacon, so everybody draws the same and nobody can choose.
 */

import { compareBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import type { Hasher } from "../crypto/index.ts";
import { CANDIDATES_MAX } from "./limits.ts";
import { expectDigest, domainHash, u32Bytes } from "./domains.ts";

/** The name of a work unit: one worker's slice of a job. */
export function unitId(h: Hasher, jobId: Uint8Array, round: number, shard: number): Uint8Array {
  expectDigest(jobId, "a job id");
  return domainHash(h, "unit", jobId, u32Bytes(round), u32Bytes(shard));
}

/** Somebody a draw may pick. */
export interface Candidate {
  /** Its address or key; no two candidates of a draw share it. */
  readonly id: Uint8Array;
  /** How many parts of the whole it stands for; zero is never picked. */
  readonly weight: bigint;
}

/**
 * How much a worker counts in a draw: min(verified units per hour, bond ÷ unit bond), so neither
 * claimed speed nor money alone takes units.
 */
export function assignmentWeight(
  unitsPerHour: bigint,
  bondedBase: bigint,
  unitBondBase: bigint,
): bigint {
  if (unitBondBase === 0n) return unitsPerHour;
  const bonds = bondedBase / unitBondBase;
  return bonds < unitsPerHour ? bonds : unitsPerHour;
}

/**
 * Picks one candidate with chance weight ÷ total; undefined when nobody has weight.
 * @param purpose     what is drawn, such as the unit id and the role; the same beacon serves many
 * @param candidates  in any order: they are sorted by id first
 * @bound             the 256-bit draw modulo a total below 2^128 is uneven by less than 2^-128
 */
export function pickWeighted<C extends Candidate>(
  h: Hasher,
  beacon: Uint8Array,
  purpose: Uint8Array,
  candidates: readonly C[],
): C | undefined {
  expectDigest(beacon, "a beacon");
  invariant(candidates.length <= CANDIDATES_MAX, "a draw weighs a bounded number of candidates");
  const sorted = [...candidates].sort((left, right) => compareBytes(left.id, right.id));
  let total = 0n;
  for (const candidate of sorted) total += candidate.weight;
  if (total === 0n) return undefined;
  const digest = domainHash(h, "assign", beacon, u32Bytes(purpose.length), purpose);
  let ticket = integerOf(digest) % total;
  for (const candidate of sorted) {
    if (ticket < candidate.weight) return candidate;
    ticket -= candidate.weight;
  }
  return invariant(false, "a ticket below the total belongs to somebody") as never;
}

/** Little-endian bytes as a non-negative integer. */
function integerOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    value = (value << 8n) | BigInt(bytes[index]);
  }
  return value;
}
