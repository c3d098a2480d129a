/**
 * Decides the randomness of a commit: the proposer's VRF over genesis hash, epoch and view, which
 * it cannot vary; it can only withhold (ARCHITECTURE.md section 7, "Beacon").
 */

import { encode, fixedBytes, struct, u64 } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { TAGS } from "../tags.ts";

const alphaCodec = struct({ genesisHash: fixedBytes(32), epoch: u64, view: u64 });

/** The bytes a proposer's VRF proof is over: u8 tag length, tag, then the three fields. */
export function beaconAlpha(genesisHash: Uint8Array, epoch: bigint, view: bigint): Uint8Array {
  const tag = new TextEncoder().encode(TAGS.beaconAlpha);
  const fields = encode(alphaCodec, { genesisHash, epoch, view });
  return concatBytes(Uint8Array.of(tag.length), tag, fields);
}

/** The 32-byte beacon of a commit from its 64-byte VRF output. */
export function beaconOf(hasher: Hasher, vrfOutput: Uint8Array): Uint8Array {
  return taggedHash(hasher, TAGS.beacon, vrfOutput);
}

/** The beacon before the first commit: fixed by the genesis. */
export function genesisBeacon(hasher: Hasher, genesisHash: Uint8Array): Uint8Array {
  return taggedHash(hasher, TAGS.genesisBeacon, genesisHash);
}
