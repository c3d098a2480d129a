/**
 * Decides the hash of the whole program, SHA-256, and how purposes are kept apart. A `Hasher` comes
 * in as an argument: the daemon injects the native one of `adapters/native-crypto`, the page and
 * the tests use `sha256`; both give equal bytes.
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import type { Keccak } from "./keccak.ts";

/** SHA-256, synchronous: any bytes in, 32 new bytes out. */
export interface Hasher {
  (bytes: Uint8Array): Uint8Array;
  /**
   * A whole block tree in one call (`blockTreeRoot` of the engine's state room is its definition,
   * and the bytes are equal); absent, or undefined, where this machine has nothing faster than
   * block after block.
   * @param columns  of a row-major matrix; divides `values.length`, which is at least 1
   */
  readonly blockTreeRoot?: (values: Float32Array, columns: number) => Uint8Array | undefined;
  /**
   * SHA-256(0x00 ‖ leaf) of each, joined; absent, or undefined, where nothing is faster than one
   * after another.
   */
  readonly leafHashes?: (leaves: readonly Uint8Array[]) => Uint8Array | undefined;
  /** SHA-256(0x01 ‖ 64 bytes) of each pair of joined 32-byte hashes, joined; likewise. */
  readonly nodeHashes?: (pairs: Uint8Array) => Uint8Array | undefined;
  /**
   * Fills 2·n − 1 joined hashes, of which the first n stand (n a power of two), with the nodes
   * above them: n ÷ 2, then n ÷ 4, and so on; absent, or false, where nothing is faster.
   */
  readonly foldNodes?: (nodes: Uint8Array) => boolean;
  /** Keccak-256 for typed data, equal bytes to `keccak256`; absent where nothing is faster. */
  readonly keccak256?: Keccak;
}

/** Bytes of a SHA-256 digest. */
export const DIGEST_BYTES = 32;

/** SHA-256 in plain JavaScript; the definition (FIPS 180-4). */
export const sha256: Hasher = (bytes) => nobleSha256(bytes);

const TAG = /^[\x21-\x7e]{2,255}$/;

/**
 * SHA-256(u8 length of tag ‖ ASCII tag ‖ parts): a digest that means one thing only.
 * A tag has at least two characters, so the first byte is never the 0x00 or 0x01 of a Merkle hash.
 * Parts are joined as they are: give them fixed sizes or length prefixes.
 */
export function taggedHash(
  hasher: Hasher,
  tag: string,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  invariant(TAG.test(tag), "a tag is 2 to 255 printable ASCII characters without a space");
  const prefix = new Uint8Array(1 + tag.length);
  prefix[0] = tag.length;
  for (let index = 0; index < tag.length; index += 1) prefix[1 + index] = tag.charCodeAt(index);
  return hasher(concatBytes(prefix, ...parts));
}
