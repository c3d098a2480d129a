/** Decides how a shared secret becomes keys: HKDF with SHA-256 (RFC 5869). */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { invariant } from "../contract/outcome.ts";
import { DIGEST_BYTES } from "./hasher.ts";

/** Most bytes one derivation gives: 255 blocks. */
export const HKDF_BYTES_MAX = 255 * DIGEST_BYTES;

/** What a derivation starts from; `info` names the purpose and everyone who takes part. */
export interface HkdfInput {
  readonly secret: Uint8Array;
  /** May be empty. */
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
}

/** Key bytes of any length up to `HKDF_BYTES_MAX`. */
export function hkdfSha256({ secret, salt, info }: HkdfInput, bytes: number): Uint8Array {
  invariant(bytes >= 1 && bytes <= HKDF_BYTES_MAX, "HKDF gives 1 to 8,160 bytes");
  return hkdf(nobleSha256, secret, salt, info, bytes);
}
