/**
 * Decides how the daemon and its children hash: OpenSSL's SHA-256 through Node, equal bytes to the
 * definition in the crypto room and several times faster.
 */

import { hash } from "node:crypto";
import { DIGEST_BYTES } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { chooseBlockTree } from "./block-tree.ts";
import type { BlockTreeHashing } from "./block-tree.ts";
import { nativeKeccak256 } from "./keccak.ts";
import { chooseRecordTree } from "./record-tree.ts";
import type { RecordTreeHashing } from "./record-tree.ts";

/**
 * SHA-256 by Node's one-shot `hash`. The result is a plain Uint8Array that nothing else shares.
 * It is asked for as "binary" text, one character a byte: making a Buffer for it takes longer than
 * hashing a tree node does.
 */
const oneShot = (bytes: Uint8Array): Uint8Array => {
  const text = hash("sha256", bytes, "binary");
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let index = 0; index < DIGEST_BYTES; index += 1) digest[index] = text.charCodeAt(index);
  return digest;
};

/** Chosen when it is first needed: most processes never hash a tensor. */
let blockTree: BlockTreeHashing | undefined;

/** Likewise: a process that keeps no ledger hashes no record. */
let recordTree: RecordTreeHashing | undefined;

/** Native SHA-256, with trees in few calls and Keccak-256 where the machine can. */
export const nativeSha256: Hasher = Object.assign(oneShot, {
  blockTreeRoot: (values: Float32Array, columns: number) => {
    blockTree ??= chooseBlockTree(oneShot);
    return blockTree(values, columns);
  },
  leafHashes: (leaves: readonly Uint8Array[]) =>
    (recordTree ??= chooseRecordTree(oneShot)).leafHashes(leaves),
  nodeHashes: (pairs: Uint8Array) => (recordTree ??= chooseRecordTree(oneShot)).nodeHashes(pairs),
  foldNodes: (nodes: Uint8Array) => (recordTree ??= chooseRecordTree(oneShot)).foldNodes(nodes),
  keccak256: nativeKeccak256,
});
