/**
 * Decides the bytes of the append-only entry file: a 16-byte heading, then for each slot u32
 * length, u32 CRC-32 over (u64 slot ‖ bytes), bytes; little-endian. The slot is part of the
 * checksum, so an entry that ended up in another place is found too. Where a slot begins stands in
 * the database.
 */

import { crc32 } from "node:zlib";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { ENTRY_BYTES_MAX } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";

const HEADING = new TextEncoder().encode("VIVIAN-ENTRIES/1");
const PREFIX_BYTES = 8;

/** Bytes an entry has beside its record. */
export const ENTRY_PREFIX_BYTES = PREFIX_BYTES;

/** Size of an entry file without entries. */
export const ENTRY_FILE_START = HEADING.length;

/** Where an entry stands: its first byte (the length's) and the bytes of the record alone. */
export interface EntryPlace {
  readonly offset: number;
  readonly length: number;
}

/** First byte after an entry. */
export function entryEnd(place: EntryPlace): number {
  return place.offset + PREFIX_BYTES + place.length;
}

/** The fault of a slot whose bytes are not those that were written. */
export function damagedSlot(slot: number, path: string, what: string): Fault {
  return new Fault("STORE_DAMAGED", `slot ${slot} in ${path}: ${what}`, { slot, file: path });
}

/** The open entry file. */
export class EntryFile {
  readonly path: string;
  readonly #file: OpenFile;

  constructor(files: FileLayer, path: string) {
    this.path = path;
    this.#file = onDisk(path, () => files.open(path));
  }

  /** Bytes in the file now. */
  size(): number {
    return onDisk(this.path, () => this.#file.size());
  }

  /** Whether the file begins as this format does. */
  hasHeading(): boolean {
    const found = onDisk(this.path, () => this.#file.read(0, HEADING.length));
    return found.length === HEADING.length && found.every((byte, at) => byte === HEADING[at]);
  }

  /** Makes an empty file of this format, durably. */
  async begin(): Promise<void> {
    try {
      this.#file.truncate(0);
      this.#file.write(0, HEADING);
      await this.#file.dataSync();
    } catch (error) {
      throw storeFault(error, this.path);
    }
  }

  /**
   * Appends entries at `offset` and syncs; resolves when they are durable. A failure leaves bytes
   * behind that nothing points to: `cut` removes them, now or at the next start.
   */
  async append(
    offset: number,
    firstSlot: number,
    records: readonly Uint8Array[],
  ): Promise<EntryPlace[]> {
    const places: EntryPlace[] = [];
    let end = offset;
    for (const record of records) {
      invariant(record.length > 0 && record.length <= ENTRY_BYTES_MAX, "an entry has its size");
      places.push({ offset: end, length: record.length });
      end += PREFIX_BYTES + record.length;
    }
    const bytes = new Uint8Array(end - offset);
    const view = new DataView(bytes.buffer);
    for (const [index, record] of records.entries()) {
      const at = places[index].offset - offset;
      view.setUint32(at, record.length, true);
      view.setUint32(at + 4, checksum(firstSlot + index, record), true);
      bytes.set(record, at + PREFIX_BYTES);
    }
    try {
      this.#file.write(offset, bytes);
      await this.#file.dataSync();
    } catch (error) {
      throw storeFault(error, this.path);
    }
    return places;
  }

  /** The record of a slot. Throws Fault STORE_DAMAGED with the slot. */
  read(slot: number, place: EntryPlace): Uint8Array {
    const count = PREFIX_BYTES + place.length;
    const bytes = onDisk(this.path, () => this.#file.read(place.offset, count));
    if (bytes.length < count) throw damagedSlot(slot, this.path, "the file ends within the entry");
    const view = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES);
    // The bytes are this read's own, so nothing else can change the record.
    const record = bytes.subarray(PREFIX_BYTES);
    if (view.getUint32(0, true) !== place.length) {
      throw damagedSlot(slot, this.path, "the length is not the one that was written");
    }
    if (view.getUint32(4, true) !== checksum(slot, record)) {
      throw damagedSlot(slot, this.path, "the checksum does not fit the bytes");
    }
    return record;
  }

  /** Bytes as they stand in the file, for a copy; fewer where it ends. */
  copy(offset: number, count: number): Uint8Array {
    return onDisk(this.path, () => this.#file.read(offset, count));
  }

  /** Writes bytes that `copy` gave; `sync` makes them durable. */
  paste(offset: number, bytes: Uint8Array): void {
    onDisk(this.path, () => this.#file.write(offset, bytes));
  }

  /** Resolves when everything written is durable. */
  async sync(): Promise<void> {
    try {
      await this.#file.dataSync();
    } catch (error) {
      throw storeFault(error, this.path);
    }
  }

  /** Drops what follows `size`: bytes that no database transaction ever counted. */
  cut(size: number): void {
    onDisk(this.path, () => this.#file.truncate(size));
  }

  close(): void {
    this.#file.close();
  }
}

/** Written anew for each checksum: one for every read would be work for the collector. */
const slotBytes = new Uint8Array(8);
const slotView = new DataView(slotBytes.buffer);

/** Whether the entry that begins at `at`, and lies within the bytes, is that of a slot. */
export function entryFits(bytes: Uint8Array, at: number, slot: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = at + PREFIX_BYTES;
  const record = bytes.subarray(first, first + view.getUint32(at, true));
  return view.getUint32(at + 4, true) === checksum(slot, record);
}

function checksum(slot: number, record: Uint8Array): number {
  slotView.setUint32(0, slot % 2 ** 32, true);
  slotView.setUint32(4, Math.floor(slot / 2 ** 32), true);
  return crc32(record, crc32(slotBytes));
}
