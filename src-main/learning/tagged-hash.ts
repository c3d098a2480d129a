/**
 * Decides how this room hashes: SHA-256 over a length byte, the tag's ASCII text and fixed-width
 * parts. The length byte makes tags prefix-free, so no two purposes ever hash the same bytes.
 */

import { concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import type { Hasher } from "../crypto/index.ts";

/** Every domain of the room. A tag is permanent: another meaning needs another tag. */
const TAGS = {
  specification: "vivian/learning/specification/1",
  template: "vivian/learning/template/1",
  finalSeed: "vivian/learning/final-seed/1",
  unit: "vivian/learning/unit/1",
  assign: "vivian/learning/assign/1",
  chainStart: "vivian/learning/chain-start/1",
  chainNext: "vivian/learning/chain-next/1",
  batch: "vivian/learning/batch/1",
  inner: "vivian/learning/inner/1",
  seal: "vivian/learning/seal/1",
  challenge: "vivian/learning/challenge/1",
  draw: "vivian/learning/draw/1",
  drawNumber: "vivian/learning/draw-number/1",
  innerCommitment: "vivian/learning/inner-commitment/1",
} as const;

/** The name of a domain. */
export type TagName = keyof typeof TAGS;

/** A tag's bytes: one length byte, then ASCII. */
export function tagBytes(name: TagName): Uint8Array {
  const text = TAGS[name];
  const bytes = new Uint8Array(text.length + 1);
  bytes[0] = text.length;
  for (let index = 0; index < text.length; index += 1) bytes[index + 1] = text.charCodeAt(index);
  return bytes;
}

/**
 * H(tag ‖ parts).
 * @param parts  fixed-width or self-delimiting, so that their joint reads in one way only
 */
export function taggedHash(h: Hasher, name: TagName, ...parts: readonly Uint8Array[]): Uint8Array {
  return h.sha256(concatBytes(tagBytes(name), ...parts));
}

/** A u32 in little-endian bytes. */
export function u32Bytes(value: number): Uint8Array {
  invariant(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, "a u32 is 0..2^32-1");
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Stops unless the bytes are a digest. */
export function expectDigest(bytes: Uint8Array, what: string): void {
  invariant(bytes.length === 32, `${what} has 32 bytes`);
}
