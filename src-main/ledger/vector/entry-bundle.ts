/**
 * Decides the bytes of an entry bundle (C2SP tlog-tiles): up to 256 entries in slot order, each
 * u16 big-endian length ‖ bytes, so that a slot is found from one file. Outcomes may be longer
 * than a u16 says; their bundles have u32 lengths.
 */

import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { TILE_WIDTH } from "./tiles.ts";

/** Bytes of a length: 2 for entries, 4 for outcomes. */
export type LengthBytes = 2 | 4;

/** The longest entry that a length of so many bytes can say. */
const LENGTH_MAX = { 2: 0xffff, 4: 0xffff_ffff } as const;

/** Writes a bundle of 1 to 256 entries. */
export function encodeBundle(entries: readonly Uint8Array[], lengthBytes: LengthBytes): Uint8Array {
  invariant(entries.length > 0 && entries.length <= TILE_WIDTH, "a bundle has its entries");
  let size = 0;
  for (const entry of entries) {
    invariant(entry.length <= LENGTH_MAX[lengthBytes], "a length fits its bytes");
    size += lengthBytes + entry.length;
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (lengthBytes === 2) view.setUint16(at, entry.length);
    else view.setUint32(at, entry.length);
    bytes.set(entry, at + lengthBytes);
    at += lengthBytes + entry.length;
  }
  return bytes;
}

/**
 * Reads a bundle of exactly `count` entries, each at most `bytesMax` long and not empty.
 * @rejects EXPORT_BUNDLE
 */
export function decodeBundle(
  bytes: Uint8Array,
  count: number,
  lengthBytes: LengthBytes,
  bytesMax: number,
): Outcome<Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + lengthBytes > bytes.length) return malformed(entries.length, bytes.length);
    const length = lengthBytes === 2 ? view.getUint16(at) : view.getUint32(at);
    at += lengthBytes;
    if (length === 0 || length > bytesMax || at + length > bytes.length) {
      return malformed(entries.length, bytes.length);
    }
    entries.push(bytes.slice(at, at + length));
    at += length;
  }
  if (at !== bytes.length) return malformed(entries.length, bytes.length);
  return accept(entries);
}

function malformed(entry: number, bytes: number): Outcome<never> {
  return reject("EXPORT_BUNDLE", { entry, bytes });
}
