/** Decides the hash domains of this room: what is hashed for one purpose never fits another. */

import { concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import { taggedHash } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";

/** Every domain of the room. A name is permanent: another meaning needs another. */
const DOMAINS = {
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
export type Domain = keyof typeof DOMAINS;

/**
 * H(tag of the domain ‖ parts).
 * @param parts  fixed-width or self-delimiting, so that their joint reads in one way only
 */
export function domainHash(h: Hasher, domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  return taggedHash(h, DOMAINS[domain], ...parts);
}

/** Bytes that begin with the domain, for what is signed or proved instead of hashed. */
export function domainBytes(domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  const tag = DOMAINS[domain];
  const head = Uint8Array.from(tag, (character) => character.charCodeAt(0));
  return concatBytes(Uint8Array.of(tag.length), head, ...parts);
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
