/**
 * Decides which of several nodes would hold which list of a collection, by rendezvous hashing
 * (Thaler and Ravishankar 1996): each node scores each key, the highest scores hold it. Whoever
 * joins or leaves moves only what is theirs, 1 in n keys. And how distances over parts of a vector,
 * held by different nodes, add up: to the whole, exactly, since they are integers.
 */

import { concatBytes } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import { squaredDistance } from "../../ledger/index/index.ts";

const NAMES = new TextEncoder();
const TAG = NAMES.encode("vivian/shard/1\n");

/**
 * The nodes that hold a key, best first.
 * @param shards  names of the nodes, each once
 * @param copies  how many of them hold it; all of them where there are fewer
 */
export function shardsOf(
  hasher: Hasher,
  key: Uint8Array,
  shards: readonly string[],
  copies = 1,
): readonly string[] {
  const scored = shards.map((shard) => {
    const name = NAMES.encode(shard);
    const digest = hasher(concatBytes(TAG, Uint8Array.of(name.length), name, key));
    return { shard, score: new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0) };
  });
  scored.sort((left, right) => {
    if (left.score !== right.score) return left.score > right.score ? -1 : 1;
    return left.shard < right.shard ? -1 : 1;
  });
  return scored.slice(0, copies).map(({ shard }) => shard);
}

/** The nodes that hold each list of a collection, by the list's number. */
export function placeLists(
  hasher: Hasher,
  collection: string,
  lists: number,
  shards: readonly string[],
  copies = 1,
): readonly (readonly string[])[] {
  const name = NAMES.encode(`${collection}\n`);
  return Array.from({ length: lists }, (_, list) => {
    return shardsOf(hasher, concatBytes(name, NAMES.encode(String(list))), shards, copies);
  });
}

/** What a query reaches. */
export interface Reached {
  /** Nodes that are asked. */
  readonly touched: ReadonlySet<string>;
  /** Lists that no living node holds. */
  readonly lost: readonly number[];
}

/** Whom a query asks that reads `lists`: for each a living node, one that is asked anyway first. */
export function reachLists(
  lists: readonly number[],
  placed: readonly (readonly string[])[],
  dead: ReadonlySet<string>,
): Reached {
  const touched = new Set<string>();
  const lost: number[] = [];
  for (const list of lists) {
    const living = placed[list].filter((shard) => !dead.has(shard));
    const shard = living.find((one) => touched.has(one)) ?? living.at(0);
    if (shard === undefined) lost.push(list);
    else touched.add(shard);
  }
  return { touched, lost };
}

/** Numbers first..end of every vector, one vector after another, as one node would hold them. */
export interface VectorPart {
  readonly first: number;
  readonly end: number;
  readonly numbers: Int8Array;
}

/** Cuts vectors into `parts` parts as equal as they can be. */
export function cutVectors(
  vectors: Int8Array,
  dimension: number,
  parts: number,
): readonly VectorPart[] {
  const count = vectors.length / dimension;
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.floor((part * dimension) / parts);
    const end = Math.floor(((part + 1) * dimension) / parts);
    const width = end - first;
    const numbers = new Int8Array(count * width);
    for (let at = 0; at < count; at += 1) {
      const from = at * dimension;
      numbers.set(vectors.subarray(from + first, from + end), at * width);
    }
    return { first, end, numbers };
  });
}

/** What one node answers: its part of the squared distance to every vector. */
export function partialDistances(query: Int8Array, part: VectorPart): Uint32Array {
  const own = query.subarray(part.first, part.end);
  const count = part.numbers.length / own.length;
  return Uint32Array.from({ length: count }, (_, at) =>
    squaredDistance(own, part.numbers, at * own.length, Infinity),
  );
}

/** The squared distances themselves, from the answers of the nodes that hold all parts. */
export function sumPartials(partials: readonly Uint32Array[]): Uint32Array {
  const sums = new Uint32Array(partials[0]?.length ?? 0);
  for (const partial of partials) {
    for (const [at, distance] of partial.entries()) sums[at] += distance;
  }
  return sums;
}
