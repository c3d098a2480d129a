/**
 * Decides the name of this numeric definition. A job names it; a backend that does not pass the
 * vectors behind it may not work on that job.
 */
import { hexToBytes } from "../contract/bytes.ts";
import { taggedHash } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";

/**
 * Name of the definition in NUMERICS.md; another meaning of any number is another name. What is
 * only added (an encoding, an optimizer) keeps it: no older version compiles what uses it.
 */
export const DEFINITION = "vivian/numerics/1";

/**
 * SHA-256 over the vector files in `test/vectors/engine` in name order: for each, its name, a
 * line feed, its text (line ends as \n) and a line feed. A test recomputes it.
 */
export const VECTORS_DIGEST = "ad3cf9ac23b8fc84b2c432774a2d128dfa80f1ced3a6dacc0b0d6d6bcc6548e3";

/** Identity of the numeric profile, 32 bytes. */
export function profileId(hasher: Hasher): Uint8Array {
  const definition = new TextEncoder().encode(DEFINITION);
  return taggedHash(hasher, "vivian/profile/1", hexToBytes(VECTORS_DIGEST), definition);
}
