/**
 * Decides what a receipt's file holds: everything that checking it takes but the one hash that
 * names the network, so that a single file can be given to anybody.
 */

import { decode, encode, struct, u32, varBytes } from "../../codec/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** First four bytes, "VRF1" as text; a bare receipt begins with its slot, far below that. */
const FORMAT = 0x3146_5256;

/** A genesis document of all its accounts and listings stays below; so does any receipt. */
const PART_BYTES_MAX = 4_194_304;

const fileCodec = struct({
  format: u32,
  genesis: varBytes(PART_BYTES_MAX),
  receipt: varBytes(PART_BYTES_MAX),
});

/** A receipt's bytes and, in a whole file, the bytes of the genesis document it is of. */
export interface ReceiptFile {
  readonly genesis: Uint8Array | undefined;
  readonly receipt: Uint8Array;
}

/** The bytes of a receipt's file. */
export function receiptFileBytes(genesis: Uint8Array, receipt: Uint8Array): Uint8Array {
  return encode(fileCodec, { format: FORMAT, genesis, receipt });
}

/** Reads a receipt's file; a bare receipt is taken for what it is. @rejects CODEC_* */
export function readReceiptFile(bytes: Uint8Array): Outcome<ReceiptFile> {
  const isWhole =
    bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === FORMAT;
  if (!isWhole) return accept({ genesis: undefined, receipt: bytes });
  const read = decode(fileCodec, bytes);
  if (!read.ok) return read;
  return accept({ genesis: read.value.genesis, receipt: read.value.receipt });
}
