/**
 * Decides the bytes of a snapshot: a state whole, and what shows that it is the network's. A
 * snapshot of commit k holds the commit record of k and all of commit k+1, whose record names the
 * roots after k, both with their certificates; all rows of the state; and the right edges of both
 * trees. SHA-256 of everything stands at the end, so that a broken file is told from a false one.
 */

import { decode, encode, fixedBytes, list, struct, u32, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { DIGEST_BYTES, taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { certificateCodec } from "../certificate/certificate.ts";
import { genesisCodec } from "../genesis/genesis.ts";
import { COMMIT_RECORDS_MAX, STORED_RECORD_BYTES_MAX } from "../limits.ts";

/** Raised when the bytes change their meaning. */
export const SNAPSHOT_VERSION = 1;

/** Whole snapshots are held in memory while they are checked: 1 GiB is a state of millions. */
export const SNAPSHOT_BYTES_MAX = 1_073_741_824;

/** Rows of a state, or pages of an index; above any that fits the bytes. */
const ROWS_MAX = 16_777_216;

/** One row or page: the agenda's is the longest, some 200 KiB. */
const ROW_BYTES_MAX = 4_194_304;

/** Levels of tiles: a tree of 2^53 leaves has seven. */
const EDGE_LEVELS_MAX = 7;

/** A page key of the index: a kind, a collection and two numbers. */
const PAGE_KEY_BYTES_MAX = 64;
const TAG = "vivian/ledger/snapshot/1";

const stored = varBytes(STORED_RECORD_BYTES_MAX);
const edges = list(varBytes(255 * DIGEST_BYTES), EDGE_LEVELS_MAX);

/** Bytes of a snapshot before its digest. */
export const snapshotCodec = struct({
  version: u32,
  genesis: genesisCodec,
  /** Commit k: its record and what certifies the vector that ends with it. */
  commit: stored,
  certificate: certificateCodec,
  /** Commit k+1 whole, its record first. */
  naming: list(stored, COMMIT_RECORDS_MAX + 1),
  namingCertificate: certificateCodec,
  vectorEdges: edges,
  outcomeEdges: edges,
  rows: list(struct({ key: fixedBytes(32), value: varBytes(ROW_BYTES_MAX) }), ROWS_MAX),
  /** Pages of the similarity index, by their keys in the store. */
  indexPages: list(
    struct({ key: varBytes(PAGE_KEY_BYTES_MAX), bytes: varBytes(ROW_BYTES_MAX) }),
    ROWS_MAX,
  ),
});

/** A snapshot; worth nothing until `checkSnapshot` accepts it. */
export type Snapshot = ValueOf<typeof snapshotCodec>;

/** The bytes of a snapshot's file. */
export function encodeSnapshot(hasher: Hasher, snapshot: Snapshot): Uint8Array {
  const bytes = encode(snapshotCodec, snapshot);
  return concatBytes(bytes, taggedHash(hasher, TAG, bytes));
}

/**
 * Reads the bytes of a snapshot's file; nothing in it is checked but its digest.
 * @rejects SNAPSHOT_DIGEST, SNAPSHOT_FORM
 */
export function decodeSnapshot(hasher: Hasher, file: Uint8Array): Outcome<Snapshot> {
  const split = file.length - DIGEST_BYTES;
  if (split <= 0 || file.length > SNAPSHOT_BYTES_MAX) {
    return reject("SNAPSHOT_DIGEST", { bytes: file.length });
  }
  const bytes = file.subarray(0, split);
  if (!bytesEqual(taggedHash(hasher, TAG, bytes), file.subarray(split))) {
    return reject("SNAPSHOT_DIGEST", { bytes: file.length });
  }
  const snapshot = decode(snapshotCodec, bytes);
  if (!snapshot.ok) return reject("SNAPSHOT_FORM", { because: snapshot.rejection.code });
  if (snapshot.value.version !== SNAPSHOT_VERSION) {
    return reject("SNAPSHOT_FORM", { version: snapshot.value.version });
  }
  return snapshot;
}
