/**
 * Decides how the place of a slot is found without a scan: one row of the database for each run of
 * 256 slots, which says where the run begins and how long each record is. Few small rows keep a
 * read as short in a long ledger as in a young one.
 *
 * A row is u64 offset of the first entry ‖ u16 slots of the run that are not held ‖ u16 length of
 * each record; little-endian. Offsets count entries alone and go on from one entry file to the
 * next.
 */

import { ENTRY_PREFIX_BYTES } from "./entry-file.ts";
import type { EntryPlace } from "./entry-file.ts";
import { RUN_SLOTS } from "./limits.ts";
import type { ByteTable } from "./ledger-database.ts";

const HEAD_BYTES = 10;

/** The run a slot belongs to. */
export function runOf(slot: number): number {
  return Math.floor(slot / RUN_SLOTS);
}

/** Place of a slot by its run's row; undefined where the row does not hold it. */
export function placeIn(row: Uint8Array, slot: number): EntryPlace | undefined {
  const position = slot % RUN_SLOTS;
  if (row.length < HEAD_BYTES) return undefined;
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const skipped = view.getUint16(8, true);
  const at = HEAD_BYTES + 2 * (position - skipped);
  if (position < skipped || at + 2 > row.length) return undefined;
  let offset = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  for (let each = HEAD_BYTES; each < at; each += 2) {
    offset += ENTRY_PREFIX_BYTES + view.getUint16(each, true);
  }
  return { offset, length: view.getUint16(at, true) };
}

/** Lengths of the records of a run; undefined while it is not complete or not whole. */
export function lengthsOf(row: Uint8Array): Uint16Array | undefined {
  if (row.length !== HEAD_BYTES + 2 * RUN_SLOTS) return undefined;
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const lengths = new Uint16Array(RUN_SLOTS);
  for (let at = 0; at < RUN_SLOTS; at += 1) {
    lengths[at] = view.getUint16(HEAD_BYTES + 2 * at, true);
  }
  return view.getUint16(8, true) === 0 ? lengths : undefined;
}

/** Offset of the first entry of a run. */
export function runStart(row: Uint8Array): number {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  return view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
}

/**
 * Writes the places of new slots; only within a transaction.
 * @param offset   of the entry of `firstSlot`
 * @param lengths  of the records, in order
 */
export function putPlaces(
  places: ByteTable<number>,
  firstSlot: number,
  offset: number,
  lengths: readonly number[],
): void {
  let slot = firstSlot;
  let start = offset;
  let at = 0;
  while (at < lengths.length) {
    const position = slot % RUN_SLOTS;
    const count = Math.min(RUN_SLOTS - position, lengths.length - at);
    const held = position === 0 ? undefined : places.get(runOf(slot));
    const before = held ?? newRow(start, position);
    const row = new Uint8Array(before.length + 2 * count);
    row.set(before);
    const view = new DataView(row.buffer);
    for (let index = 0; index < count; index += 1) {
      const length = lengths[at + index];
      view.setUint16(before.length + 2 * index, length, true);
      start += ENTRY_PREFIX_BYTES + length;
    }
    places.put(runOf(slot), row);
    slot += count;
    at += count;
  }
}

function newRow(offset: number, skipped: number): Uint8Array {
  const row = new Uint8Array(HEAD_BYTES);
  const view = new DataView(row.buffer);
  view.setBigUint64(0, BigInt(offset), true);
  view.setUint16(8, skipped, true);
  return row;
}
