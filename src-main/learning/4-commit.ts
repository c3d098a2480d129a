/**
 * Step 4: decides what a worker binds itself to before anybody asks: the seal, the published list
 * and the root over the inner digests it keeps to itself.
 */

import { constrained, fixedBytes, list, struct } from "../codec/index.ts";
import type { Codec } from "../codec/index.ts";
import { invariant } from "../contract/outcome.ts";
import { merkleRoot } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";
import type { SegmentCommitment } from "./3-train.ts";
import { SEGMENTS_MAX } from "./limits.ts";
import { expectDigest, domainHash } from "./domains.ts";

/** What a seal binds. */
export interface SealFields {
  readonly chainHead: Uint8Array;
  readonly innerListRoot: Uint8Array;
  readonly unit: Uint8Array;
  /** Address of the worker, 20 bytes: a copied seal is worthless to anybody else. */
  readonly worker: Uint8Array;
  /** 32 random bytes, kept until the reveal, so a seal says nothing before it. */
  readonly salt: Uint8Array;
}

/** Seal = H(tag ‖ chain head ‖ inner list root ‖ unit ‖ worker ‖ salt). */
export function sealOf(h: Hasher, fields: SealFields): Uint8Array {
  expectDigest(fields.chainHead, "a chain head");
  expectDigest(fields.innerListRoot, "an inner list root");
  expectDigest(fields.unit, "a unit id");
  invariant(fields.worker.length === 20, "an address has 20 bytes");
  expectDigest(fields.salt, "a salt");
  return domainHash(
    h,
    "seal",
    fields.chainHead,
    fields.innerListRoot,
    fields.unit,
    fields.worker,
    fields.salt,
  );
}

/** RFC 9162 root over the inner digests, segment 0 first. */
export function innerListRoot(h: Hasher, inners: readonly Uint8Array[]): Uint8Array {
  invariant(inners.length > 0 && inners.length <= SEGMENTS_MAX, "a unit has 1..1023 segments");
  return merkleRoot(h, inners);
}

/** The list a reveal names by its SHA-256: one entry for each segment, at most 64 KiB. */
export const publishedListCodec: Codec<readonly SegmentCommitment[]> = constrained(
  list(struct({ stateRoot: fixedBytes(32), batchDigest: fixedBytes(32) }), SEGMENTS_MAX),
  (entries) => entries.length > 0,
  "a published list has at least one entry",
);
