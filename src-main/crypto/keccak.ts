/** Decides the hash of Ethereum's world: addresses and typed data. Never used for our own trees. */

import { keccak_256 } from "@noble/hashes/sha3.js";

/** Keccak-256 as Ethereum uses it: the original padding, not FIPS 202's SHA3-256. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}
