/** Decides how one job seed gives an own Philox key to each purpose. */
import { invariant } from "../../contract/outcome.ts";
import { sha256, taggedHash } from "../../crypto/index.ts";
import type { PhiloxKey } from "./philox.ts";

/** Bytes of a job seed. */
export const SEED_BYTES = 32;

const utf8Encoder = new TextEncoder();

/** The first eight bytes of H(tag ‖ seed ‖ purpose) as two little-endian words. */
export function purposeKey(seed: Uint8Array, purpose: string): PhiloxKey {
  invariant(seed.length === SEED_BYTES, "a job seed has 32 bytes");
  const digest = taggedHash(sha256, "vivian/random-key/1", seed, utf8Encoder.encode(purpose));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [view.getUint32(0, true), view.getUint32(4, true)];
}
