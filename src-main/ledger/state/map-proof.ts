/** Decides what proves that a row is, or is not, in the state with a given root. */

import { fixedBytes, list, optional, struct } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { STATE_DEPTH_MAX } from "../limits.ts";
import { EMPTY_STATE_ROOT, pairsOf, readAt } from "./map.ts";
import type { StateMapNeeds } from "./map.ts";
import { foldPage } from "./map-fold.ts";
import type { MapNode } from "./map-fold.ts";
import { keyBit, PAGE_LEVELS, placeOf, valueKey } from "./map-page.ts";

const digest = fixedBytes(32);

/** Bytes of a proof. */
export const stateProofCodec = struct({
  /** Sibling hashes from the root downwards; zeros for an empty one. */
  siblings: list(digest, STATE_DEPTH_MAX),
  /** The leaf the path ends at; absent when it ends at an empty subtree. */
  leaf: optional(struct({ key: digest, valueHash: digest })),
});

/** A path from the root to where the key is or would be. */
export type StateProof = ValueOf<typeof stateProofCodec>;

/** The proof for a key: of presence when the row is there, else of absence. */
export function stateProof(needs: StateMapNeeds, key: Uint8Array): StateProof {
  const hashPairs = pairsOf(needs);
  const siblings: Uint8Array[] = [];
  for (let depth = 0; ; depth += PAGE_LEVELS) {
    const levels = foldPage(readAt(needs.readPage, depth, key), hashPairs);
    const place = placeOf(key, depth);
    for (let level = 0; level <= PAGE_LEVELS; level += 1) {
      const index = place >> (PAGE_LEVELS - level);
      const node: MapNode = levels[level][index];
      // The root of a lower page was already met as a place of the page above.
      if (level > 0) siblings.push(levels[level][index ^ 1]?.hash ?? EMPTY_STATE_ROOT);
      if (node === undefined) return { siblings, leaf: undefined };
      if (node.leaf !== undefined) {
        const value = needs.readPage(valueKey(node.leaf.key));
        invariant(value !== undefined, "the value of a leaf is in the store");
        const valueHash = needs.hasher(value);
        return { siblings, leaf: { key: node.leaf.key, valueHash } };
      }
    }
  }
}

/**
 * Whether the proof shows that `key` holds `value` (undefined: that there is no such row) in the
 * state with this root. Never throws on a decoded proof. The path folds along the bits of `key`, so
 * a leaf of another key can only end it where that leaf truly stands: its hash binds its own key.
 */
export function verifyStateProof(
  hasher: Hasher,
  root: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: StateProof,
): boolean {
  const { siblings, leaf } = proof;
  const depth = siblings.length;
  if (key.length !== 32 || depth > STATE_DEPTH_MAX) return false;
  const here = leaf !== undefined && bytesEqual(leaf.key, key);
  if (here !== (value !== undefined)) return false;
  if (here && value !== undefined && !bytesEqual(leaf.valueHash, hasher(value))) return false;
  let hash = leaf === undefined ? EMPTY_STATE_ROOT : hasher(leafBytes(leaf));
  for (let level = depth - 1; level >= 0; level -= 1) {
    const sibling = siblings[level];
    const right = keyBit(key, level) === 1;
    hash = hasher(right ? concatBytes(sibling, hash) : concatBytes(hash, sibling));
  }
  return bytesEqual(hash, root);
}

function leafBytes(leaf: { readonly key: Uint8Array; readonly valueHash: Uint8Array }): Uint8Array {
  return concatBytes(Uint8Array.of(0), leaf.key, leaf.valueHash);
}
