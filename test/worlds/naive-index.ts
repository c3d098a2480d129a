/**
 * The similarity index once more, as plainly as section 17 says it: everything in arrays, nothing
 * kept between commits but the entries, every root folded from all its leaves. Shares hashes and
 * codecs with the real one and nothing of how it works.
 */

import { encode } from "../../src-main/codec/index.ts";
import { bytesToHex, compareBytes, concatBytes } from "../../src-main/contract/bytes.ts";
import { merkleRoot, sha256, taggedHash } from "../../src-main/crypto/index.ts";
import { collectionCodec, entryCodec, listHeadCodec } from "../../src-main/ledger/index/index.ts";
import type { IndexEntry } from "../../src-main/ledger/index/index.ts";
import type { LoggedCommit } from "./index-world.ts";

interface NaiveCollection {
  readonly key: Uint8Array;
  readonly dimension: number;
  centroids: number[][];
  lists: IndexEntry[][];
  builtAt: number;
  building: { size: bigint; live: bigint; dueEpoch: bigint } | undefined;
}

const textBytes = (text: string) => new TextEncoder().encode(text);
const signed = (entry: IndexEntry) => [...Int8Array.from(entry.embedding)];

function nearest(vector: readonly number[], centroids: readonly (readonly number[])[]): number {
  if (centroids.length === 0) return 0;
  const distances = centroids.map((centroid) =>
    centroid.reduce((sum, number, at) => sum + (number - vector[at]) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

function powerNearestRoot(count: number): number {
  let best = 1;
  for (let power = 1; power <= 1_024; power *= 2) {
    if (Math.abs(power - Math.sqrt(count)) < Math.abs(best - Math.sqrt(count))) best = power;
  }
  return best;
}

function kMeans(vectors: readonly (readonly number[])[]): number[][] {
  const count = powerNearestRoot(vectors.length);
  let centroids = Array.from({ length: count }, (_, at) => [
    ...vectors[Math.floor((at * vectors.length) / count)],
  ]);
  for (let round = 0; round < 6; round += 1) {
    const members = centroids.map((): (readonly number[])[] => []);
    for (const vector of vectors) members[nearest(vector, centroids)].push(vector);
    centroids = centroids.map((centroid, id) => {
      if (members[id].length === 0) return centroid;
      const size = BigInt(members[id].length);
      return centroid.map((_, at) => {
        const sum = BigInt(members[id].reduce((total, vector) => total + vector[at], 0));
        const quotient = sum / size;
        return Number(sum < 0n && sum % size !== 0n ? quotient - 1n : quotient);
      });
    });
  }
  return centroids;
}

/** Live entries when the vector had `size` slots, in slot order. */
function liveAt(collection: NaiveCollection, size: bigint): IndexEntry[] {
  const all = collection.lists.flat().filter(({ slot }) => slot < size);
  const gone = new Set(all.map(({ retracts }) => retracts));
  const live = all.filter(({ slot, retracts }) => retracts === undefined && !gone.has(slot));
  return live.sort((left, right) => Number(left.slot - right.slot));
}

function mapRoot(
  rows: readonly { readonly key: Uint8Array; readonly leaf: Uint8Array }[],
  depth: number,
): Uint8Array {
  if (rows.length === 0) return new Uint8Array(32);
  if (rows.length === 1) return rows[0].leaf;
  const bit = (key: Uint8Array) => (key[depth >> 3] >> (7 - (depth & 7))) & 1;
  const left = rows.filter(({ key }) => bit(key) === 0);
  const right = rows.filter(({ key }) => bit(key) === 1);
  return sha256(concatBytes(mapRoot(left, depth + 1), mapRoot(right, depth + 1)));
}

/** The index as section 17 says it. */
export class NaiveIndex {
  readonly #collections = new Map<string, NaiveCollection>();

  play({ changes, commit }: LoggedCommit): Uint8Array {
    const touched = new Set<NaiveCollection>();
    for (const change of changes) {
      const at = change.kind === "add" ? this.#add(change) : this.#retract(change);
      if (at !== undefined) touched.add(at);
    }
    for (const collection of touched) this.#begin(collection, commit);
    for (;;) {
      const [due] = [...this.#collections.values()]
        .filter(({ building }) => building !== undefined && building.dueEpoch <= commit.epoch)
        .sort((left, right) => {
          const epochs = Number(left.building!.dueEpoch - right.building!.dueEpoch);
          return epochs === 0 ? compareBytes(left.key, right.key) : epochs;
        });
      if (due === undefined) break;
      this.#build(due);
    }
    return this.root();
  }

  #add(change: Extract<LoggedCommit["changes"][number], { kind: "add" }>): NaiveCollection {
    const key = taggedHash(sha256, "vivian/ledger/collection/1", textBytes(change.collection));
    const name = bytesToHex(key);
    const dimension = change.embedding.length;
    const fresh = { key, dimension, centroids: [], lists: [[]], builtAt: 0, building: undefined };
    const collection = this.#collections.get(name) ?? fresh;
    this.#collections.set(name, collection);
    const tags = change.tags.map((tag) => {
      const [a, b, c, d] = sha256(textBytes(tag));
      return a + 256 * (b + 256 * (c + 256 * d));
    });
    const { slot, what, embedding } = change;
    const entry = { slot, retracts: undefined, what, tags, embedding };
    collection.lists[nearest(signed(entry), collection.centroids)].push(entry);
    return collection;
  }

  #retract(change: {
    readonly slot: bigint;
    readonly target: bigint;
  }): NaiveCollection | undefined {
    for (const collection of this.#collections.values()) {
      for (const list of collection.lists) {
        const there = list.some(
          ({ slot, retracts }) => slot === change.target && retracts === undefined,
        );
        const gone = list.some(({ retracts }) => retracts === change.target);
        if (!there || gone) continue;
        const { slot, target: retracts } = change;
        list.push({ slot, retracts, what: "other", tags: [], embedding: new Uint8Array(0) });
        return collection;
      }
    }
    return undefined;
  }

  #begin(collection: NaiveCollection, { epoch, size }: LoggedCommit["commit"]): void {
    const live = liveAt(collection, size).length;
    if (collection.building !== undefined || live < 256 || live < 2 * collection.builtAt) return;
    const work = live * powerNearestRoot(live) * collection.dimension * 7;
    const dueEpoch = live < 4_096 && work <= 2 ** 28 ? epoch : epoch + 2n;
    collection.building = { size, live: BigInt(live), dueEpoch };
  }

  #build(collection: NaiveCollection): void {
    const { building } = collection;
    const made = liveAt(collection, building!.size);
    const entries = liveAt(collection, 1n << 63n);
    collection.centroids = kMeans(made.map(signed));
    collection.lists = collection.centroids.map(() => []);
    for (const entry of entries) {
      collection.lists[nearest(signed(entry), collection.centroids)].push(entry);
    }
    collection.builtAt = made.length;
    collection.building = undefined;
  }

  root(): Uint8Array {
    const rows = [...this.#collections.values()].map((collection) => {
      const { key, dimension, centroids, lists, builtAt, building } = collection;
      const heads = lists.map((list) => {
        const root = merkleRoot(
          sha256,
          list.map((entry) => encode(entryCodec, entry)),
        );
        const tombstones = list.filter(({ retracts }) => retracts !== undefined).length;
        const head = { root, size: BigInt(list.length), tombstones: BigInt(tombstones) };
        return encode(listHeadCodec, head);
      });
      const row = {
        dimension,
        metric: 0,
        entries: BigInt(lists.flat().length),
        live: BigInt(liveAt(collection, 1n << 63n).length),
        builtAt: BigInt(builtAt),
        centroidsRoot: merkleRoot(
          sha256,
          centroids.map((centroid) => Uint8Array.from(centroid)),
        ),
        listsRoot: merkleRoot(sha256, heads),
        building,
      };
      const value = encode(collectionCodec, row);
      return { key, leaf: sha256(concatBytes(Uint8Array.of(0), key, sha256(value))) };
    });
    return mapRoot(rows, 0);
  }
}
