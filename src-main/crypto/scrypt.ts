/** Decides how a password is made costly to guess: scrypt (RFC 7914), for keystores alone. */

import { scryptAsync } from "@noble/hashes/scrypt.js";

/** Cost of one guess: memory is 128·n·r bytes, time grows with n·r·p. */
export interface ScryptCost {
  /** A power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/**
 * Derives key bytes. The RFC's bound n < 2^(16·r) is not asked for: keystores of older programs,
 * and a published test vector, have n = 2^18 with r = 1.
 * @bound the caller has bounded memory and time; n is a power of two
 */
export function scryptKey(
  password: Uint8Array,
  salt: Uint8Array,
  { n, r, p }: ScryptCost,
  bytes: number,
): Promise<Uint8Array> {
  const maxmem = 256 * n * r + 256 * r * p;
  return scryptAsync(password, salt, { N: n, r, p, dkLen: bytes, maxmem });
}
