/**
 * Decides which files an exported ledger has: C2SP tiles and bundles of the vector; the same of the
 * outcome tree, as far as the newest commit names it; a certificate for each commit. Whole bundles
 * are zstd frames, partial ones plain; everything else is as it is.
 */

import { decode, encode, struct, u64 } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { bundlePath, certificateCodec, tilePath } from "../../ledger/index.ts";
import type { Certificate, Tile } from "../../ledger/index.ts";
import type { TreeName } from "../../ports/ledger-store.ts";

export const CHECKPOINT_FILE = "checkpoint";
export const CERTIFICATE_FILE = "certificate";
export const GENESIS_FILE = "genesis.bin";

/** A checkpoint is three short lines. */
export const CHECKPOINT_BYTES_MAX = 4_096;
/** 4,096 accounts and 256 validators of some 200 bytes each, with room. */
export const GENESIS_BYTES_MAX = 4_194_304;
/** 256 votes of 68 bytes and a statement. */
export const CERTIFICATE_BYTES_MAX = 65_536;
/** 256 entries of 65,535 bytes. */
export const ENTRY_BUNDLE_BYTES_MAX = 16_777_728;
/** 256 outcomes; a few commits with all their effects, and far above any that was seen. */
export const OUTCOME_BUNDLE_BYTES_MAX = 268_435_456;

const commitFileCodec = struct({ firstSlot: u64, certificate: certificateCodec });

/** Path of a tile of a tree. */
export function tileFileOf(tree: TreeName, tile: Tile): string {
  return tree === "vector" ? tilePath(tile) : `outcome/${tilePath(tile)}`;
}

/** Path of a bundle of a tree. */
export function bundleFileOf(tree: TreeName, index: number, width: number): string {
  return tree === "vector" ? bundlePath(index, width) : `outcome/${bundlePath(index, width)}`;
}

/** Path of the certificate of a commit. */
export function commitFileOf(commit: number): string {
  return `commit/${commit}`;
}

/** Bytes of the file of a commit. */
export function commitFileBytes(firstSlot: number, certificate: Certificate): Uint8Array {
  return encode(commitFileCodec, { firstSlot: BigInt(firstSlot), certificate });
}

/** Reads the file of a commit. @rejects EXPORT_CERTIFICATE */
export function readCommitFile(
  bytes: Uint8Array,
  commit: number,
): Outcome<{ readonly firstSlot: number; readonly certificate: Certificate }> {
  const read = decode(commitFileCodec, bytes);
  if (!read.ok) {
    return reject("EXPORT_CERTIFICATE", { commit, because: read.rejection.code });
  }
  const { firstSlot, certificate } = read.value;
  return accept({ firstSlot: Number(firstSlot), certificate });
}
