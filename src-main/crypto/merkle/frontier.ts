/**
 * Decides how a growing RFC 9162 tree is kept without its leaves: the hashes of the complete
 * subtrees along its right edge, largest first, one per set bit of the size.
 */

import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { DIGEST_BYTES } from "../hasher.ts";
import type { Hasher } from "../hasher.ts";
import { emptyRoot, nodeHash, nodeHashes } from "./node-hashes.ts";
import { isTreeNumber } from "./subtrees.ts";

/** Told of every complete subtree as it comes to be, leaves (level 0) included. */
export type OnSubtree = (level: number, index: number, hash: Uint8Array) => void;

/** The right edge of an append-only tree. */
export class MerkleFrontier {
  readonly #hasher: Hasher;
  #size = 0;
  #edge: Uint8Array[] = [];

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** Leaves appended so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its hash. Amortised one node hash. */
  append(leaf: Uint8Array, onSubtree?: OnSubtree): void {
    invariant(leaf.length === DIGEST_BYTES, "a leaf hash has 32 bytes");
    invariant(isTreeNumber(this.#size + 1), "the tree can grow");
    let hash = leaf;
    let level = 0;
    let index = this.#size;
    onSubtree?.(level, index, hash);
    while (index % 2 === 1) {
      const left = this.#edge.pop();
      invariant(left !== undefined, "the edge has one hash per set bit of the size");
      hash = nodeHash(this.#hasher, left, hash);
      index = (index - 1) / 2;
      level += 1;
      onSubtree?.(level, index, hash);
    }
    this.#edge.push(hash);
    this.#size += 1;
  }

  /**
   * Appends leaves by their hashes, level by level, so that a hasher with batches is asked once a
   * level. `onSubtree` hears the same subtrees as from `append`: by level, ascending in each.
   */
  appendAll(leaves: readonly Uint8Array[], onSubtree?: OnSubtree): void {
    if (leaves.length === 0) return;
    invariant(
      leaves.every(({ length }) => length === DIGEST_BYTES),
      "a leaf hash has 32 bytes",
    );
    invariant(isTreeNumber(this.#size + leaves.length), "the tree can grow");
    const edge: Uint8Array[] = [];
    let nodes: readonly Uint8Array[] = leaves;
    let first = this.#size;
    for (let level = 0; first > 0 || nodes.length > 0; level += 1) {
      for (const [at, hash] of nodes.entries()) onSubtree?.(level, first + at, hash);
      // The lowest subtree of the edge stands left of the first node where that one is a right one.
      const left = first % 2 === 1 ? this.#edge.pop() : undefined;
      const open = left === undefined ? nodes : [left, ...nodes];
      const lone = open.length % 2 === 1 ? open[open.length - 1] : undefined;
      if (lone !== undefined) edge.push(lone);
      nodes = nodeHashes(this.#hasher, lone === undefined ? open : open.slice(0, -1));
      first = Math.floor(first / 2);
    }
    this.#edge = edge.reverse();
    this.#size += leaves.length;
  }

  /** The root of the tree as it is; at most 52 node hashes. */
  root(): Uint8Array {
    if (this.#size === 0) return emptyRoot(this.#hasher);
    let hash = this.#edge[this.#edge.length - 1];
    for (let index = this.#edge.length - 2; index >= 0; index -= 1) {
      hash = nodeHash(this.#hasher, this.#edge[index], hash);
    }
    return hash;
  }

  /** An independent copy, for work that may be thrown away. */
  copy(): MerkleFrontier {
    const copy = new MerkleFrontier(this.#hasher);
    copy.#size = this.#size;
    copy.#edge = [...this.#edge];
    return copy;
  }

  /** u64 size, then the edge hashes, largest subtree first. */
  serialise(): Uint8Array {
    const bytes = new Uint8Array(8 + DIGEST_BYTES * this.#edge.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(this.#size), true);
    for (const [index, hash] of this.#edge.entries()) bytes.set(hash, 8 + DIGEST_BYTES * index);
    return bytes;
  }

  /**
   * Reads what `serialise` wrote.
   * @rejects CRYPTO_FRONTIER when the length does not fit the size
   */
  static restore(hasher: Hasher, bytes: Uint8Array): Outcome<MerkleFrontier> {
    const wrong = reject("CRYPTO_FRONTIER", { bytes: bytes.length });
    if (bytes.length < 8) return wrong;
    const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
    if (!isTreeNumber(size) || bytes.length !== 8 + DIGEST_BYTES * setBits(size)) return wrong;
    const frontier = new MerkleFrontier(hasher);
    frontier.#size = size;
    for (let at = 8; at < bytes.length; at += DIGEST_BYTES) {
      frontier.#edge.push(Uint8Array.from(bytes.subarray(at, at + DIGEST_BYTES)));
    }
    return accept(frontier);
  }
}

function setBits(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
