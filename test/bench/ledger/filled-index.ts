/** A similarity index in memory, filled commit by commit, with its last build made of all of it. */

import { chooseHashPairs, nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { applyIndexChanges, BuildMemo, waitingInputs } from "../../../src-main/ledger/index.ts";
import type { IndexChange, IndexView } from "../../../src-main/ledger/index.ts";

/** The collection that benchmarks fill. */
export const COLLECTION = "bench";

/** Entries of one commit. */
const COMMIT = 5_000;

/** The index and what it holds. */
export class FilledIndex {
  readonly pages = new Map<string, Uint8Array>();
  readonly vectors: readonly Int8Array[];
  root: Uint8Array = new Uint8Array(32);
  readonly view: IndexView = {
    hasher: nativeSha256,
    readPage: (key: Uint8Array) => this.pages.get(bytesToHex(key)),
  };
  readonly #memo = new BuildMemo(nativeSha256);
  readonly #hashPairs = chooseHashPairs();
  #epoch = 0n;

  constructor(vectors: readonly Int8Array[]) {
    this.vectors = vectors;
    for (let first = 0; first < vectors.length; first += COMMIT) {
      const some = vectors.slice(first, first + COMMIT);
      this.commit(
        some.map((vector, at) => added(first + at, vector)),
        BigInt(first + some.length),
      );
    }
    this.commit([], BigInt(vectors.length));
  }

  /** Carries out one commit of an epoch of its own, builds computed ahead; answers its seconds. */
  commit(changes: readonly IndexChange[], size: bigint): number {
    for (const input of waitingInputs(this.view)) {
      for (const step of this.#memo.ahead(input)) void step;
    }
    this.#epoch += 2n;
    const needs = { ...this.view, hashPairs: this.#hashPairs, buildMemo: this.#memo };
    const began = performance.now();
    const update = applyIndexChanges(needs, this.root, changes, { epoch: this.#epoch, size });
    const seconds = (performance.now() - began) / 1_000;
    for (const { key, bytes } of update.pages) {
      if (bytes === undefined) this.pages.delete(bytesToHex(key));
      else this.pages.set(bytesToHex(key), bytes);
    }
    this.root = update.root;
    return seconds;
  }

  /** Bytes of all pages. */
  bytes(): number {
    let sum = 0;
    for (const bytes of this.pages.values()) sum += bytes.length;
    return sum;
  }
}

/** The change that adds a vector. */
export function added(slot: number, vector: Int8Array): IndexChange {
  const embedding = new Uint8Array(vector.buffer, vector.byteOffset, vector.length);
  return {
    kind: "add",
    slot: BigInt(slot),
    collection: COLLECTION,
    what: "other",
    tags: [],
    embedding,
  };
}
