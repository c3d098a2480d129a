/**
 * Decides the row of a collection, how many lists it has, and when its centroids are made anew. A
 * row is all that `indexRoot` binds: a sparse Merkle map holds one for each collection.
 */

import { constrained, fixedBytes, optional, struct, u32, u64, u8 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { TAGS } from "../tags.ts";
import {
  BUILD_AT_ONCE_ENTRIES_END,
  BUILD_EPOCHS,
  BUILD_ROUNDS,
  BUILD_WORK_AT_ONCE_MAX,
  LISTED_ENTRIES_MIN,
  LISTS_MAX,
} from "./limits.ts";

const digest = fixedBytes(32);

/** The sum of squared differences; nothing else is defined. */
export const METRIC_SQUARED_L2 = 0;

/** Bytes of a collection's row. */
export const collectionCodec = struct({
  dimension: u32,
  metric: constrained(u8, (metric) => metric === METRIC_SQUARED_L2, "metric 0 is squared L2"),
  /** Leaves of all lists: publications and tombstones since the last build took effect. */
  entries: u64,
  /** Publications that are found: not retracted. */
  live: u64,
  /** Live entries that the last build was made of; 0 before the first. */
  builtAt: u64,
  /** RFC 9162 root over the centroids, each its int8 bytes. */
  centroidsRoot: digest,
  /** RFC 9162 root over the list heads, each its 48 bytes. */
  listsRoot: digest,
  /** The build under way: over the entries that were live when the vector had `size` slots. */
  building: optional(
    struct({
      size: u64,
      live: u64,
      /** First epoch in which it may take effect. */
      dueEpoch: u64,
    }),
  ),
});

/** A collection's row. */
export type Collection = ValueOf<typeof collectionCodec>;

/** A build under way. */
export type Building = NonNullable<Collection["building"]>;

/** What stands for a list in the tree of lists; a root alone does not bind its size. */
export const listHeadCodec = struct({
  /** RFC 9162 root over the entries' bytes. */
  root: digest,
  /** Entries, tombstones included. */
  size: u64,
  tombstones: u64,
});

/** Bytes of a list head. */
export const LIST_HEAD_BYTES = 48;

/** The head of one list. */
export type ListHead = ValueOf<typeof listHeadCodec>;

/** Key of a collection in the index map: H(tag ‖ name). */
export function collectionKey(hasher: Hasher, name: string): Uint8Array {
  return taggedHash(hasher, TAGS.collection, new TextEncoder().encode(name));
}

/**
 * Lists, and centroids, of a build over so many entries: the power of two nearest to their square
 * root (of two that are equally near, the lower), at most 1,024; one list below 256 entries.
 */
export function listCountOf(builtAt: bigint): number {
  if (builtAt < BigInt(LISTED_ENTRIES_MIN)) return 1;
  let count = 16;
  // √n > 1.5·count ⇔ 4n > 9·count²: the next power is nearer.
  while (count < LISTS_MAX && 4n * builtAt > 9n * BigInt(count) * BigInt(count)) count *= 2;
  return count;
}

/** Multiplications of a build over `live` entries, its final assignment included. */
export function buildWork({ live, dimension }: Pick<Collection, "live" | "dimension">): number {
  return Number(live) * listCountOf(live) * dimension * (BUILD_ROUNDS + 1);
}

/** Whether the live entries are twice those of the last build. */
export function outgrown({ live, builtAt, building }: Collection): boolean {
  return building === undefined && live >= BigInt(LISTED_ENTRIES_MIN) && live >= 2n * builtAt;
}

/** The epoch from which a build that begins now may take effect: this one while it is cheap. */
export function dueEpoch(collection: Collection, epoch: bigint): bigint {
  const few = collection.live < BigInt(BUILD_AT_ONCE_ENTRIES_END);
  const cheap = few && buildWork(collection) <= BUILD_WORK_AT_ONCE_MAX;
  return cheap ? epoch : epoch + BUILD_EPOCHS;
}
