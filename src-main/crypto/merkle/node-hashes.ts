/** Decides the two hashes of an RFC 9162 tree: leaf 0x00, node 0x01 (section 2.1.1). */

import { DIGEST_BYTES } from "../hasher.ts";
import type { Hasher } from "../hasher.ts";

/** SHA-256(0x00 ‖ leaf). */
export function leafHash(hasher: Hasher, leaf: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + leaf.length);
  input.set(leaf, 1);
  return hasher(input);
}

/** SHA-256(0x01 ‖ left ‖ right) of two 32-byte hashes. */
export function nodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * DIGEST_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + DIGEST_BYTES);
  return hasher(input);
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(hasher: Hasher): Uint8Array {
  return hasher(new Uint8Array(0));
}
