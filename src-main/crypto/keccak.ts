/**
 * Decides the hash of Ethereum's world: addresses and typed data. Never used for our own trees. The
 * plain one is the definition; where a machine has a faster one with equal bytes, it comes in as an
 * argument or with the `Hasher`.
 */

import { keccak_256 } from "@noble/hashes/sha3.js";

/** Keccak-256, synchronous: any bytes in, 32 new bytes out. */
export type Keccak = (bytes: Uint8Array) => Uint8Array;

/** Keccak-256 as Ethereum uses it: the original padding, not FIPS 202's SHA3-256. */
export const keccak256: Keccak = (bytes) => keccak_256(bytes);
