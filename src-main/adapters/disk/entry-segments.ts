/**
 * Decides how the entries stand in files: one after another, a new file when the last is full, so
 * that pruning drops whole files and copies at most one. Which files count stands in the database;
 * any other is the rest of a step that was cut off and goes at the next start.
 */

import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { damagedSlot, ENTRY_FILE_START, entryEnd, EntryFile } from "./entry-file.ts";
import type { EntryPlace } from "./entry-file.ts";
import type { FileLayer } from "./file-layer.ts";
import { COPY_CHUNK_BYTES } from "./limits.ts";
import { onDisk } from "./store-faults.ts";
import type { Counts, Segment } from "./store-meta.ts";

/** What was appended: where, and in which files. */
export interface Appended {
  readonly offset: number;
  readonly entryBytes: number;
  readonly segments: readonly Segment[];
}

/** Path of an entry file. */
export function entryPath(folder: string, file: number): string {
  return join(folder, file === 0 ? "entries" : `entries-${file}`);
}

/** The open entry files of a store. */
export class EntrySegments {
  readonly #files: FileLayer;
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #open = new Map<number, EntryFile>();

  constructor(files: FileLayer, folder: string, segmentBytes: number) {
    this.#files = files;
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
  }

  /** Path of the file that holds an offset. */
  path(segments: readonly Segment[], offset: number): string {
    return entryPath(this.#folder, segmentAt(segments, offset).file);
  }

  /** Whether the first file holds an entry: records without their database must not be lost. */
  holdsEntries(): boolean {
    const path = entryPath(this.#folder, 0);
    if (!onDisk(path, () => this.#files.exists(path))) return false;
    return this.#file(0).size() > ENTRY_FILE_START;
  }

  /** Makes the first file of a new store. */
  begin(): Promise<void> {
    return this.#begin(0);
  }

  /** Opens every file that counts, so that one which is dropped later can still be read. */
  hold(segments: readonly Segment[]): void {
    for (const { file, firstSlot } of segments) {
      const path = entryPath(this.#folder, file);
      const isThere = onDisk(path, () => this.#files.exists(path));
      if (!isThere) throw damagedSlot(firstSlot, path, "the file is gone");
      this.#file(file);
    }
  }

  /**
   * Compares the files with what the database counts: longer ones are cut.
   * Throws Fault STORE_DAMAGED with the first slot that is not there.
   */
  check(counts: Counts, placeOf: (slot: number) => EntryPlace | undefined): void {
    this.hold(counts.segments);
    for (const [index, segment] of counts.segments.entries()) {
      const next = counts.segments[index + 1];
      const end = next?.start ?? counts.entryBytes;
      const due = ENTRY_FILE_START + end - segment.start;
      const path = entryPath(this.#folder, segment.file);
      const file = this.#file(segment.file);
      const held = file.size();
      if (held < due) {
        const range = { first: segment.firstSlot, end: next?.firstSlot ?? counts.slots };
        const ends = (place: EntryPlace) =>
          ENTRY_FILE_START + entryEnd(place) - segment.start <= held;
        const slot = firstMissing(range, placeOf, ends);
        throw damagedSlot(slot, path, `the file ends after ${held} bytes`);
      }
      if (!file.hasHeading()) {
        throw damagedSlot(segment.firstSlot, path, "the file's heading is not ours");
      }
      if (held > due) file.cut(due);
    }
  }

  /** Removes what a step that was cut off left: files that do not count. */
  clear({ segments }: Counts): void {
    const counted = new Set(segments.map(({ file }) => file));
    for (let file = nextFile(segments); file >= 0; file -= 1) {
      const path = entryPath(this.#folder, file);
      if (counted.has(file) || !onDisk(path, () => this.#files.exists(path))) continue;
      this.#remove(file);
    }
  }

  /** Appends entries and syncs; resolves when they are durable. Nothing counts them yet. */
  async append(
    counts: Counts,
    firstSlot: number,
    records: readonly Uint8Array[],
  ): Promise<Appended> {
    const offset = counts.entryBytes;
    let { segments } = counts;
    let live = segments[segments.length - 1];
    if (offset - live.start >= this.#segmentBytes) {
      live = { file: nextFile(segments), start: offset, firstSlot };
      segments = [...segments, live];
      await this.#begin(live.file);
    }
    const file = this.#file(live.file);
    const at = ENTRY_FILE_START + offset - live.start;
    const places = await file.append(at, firstSlot, records);
    const last = places[places.length - 1];
    const entryBytes = offset + entryEnd(last) - at;
    return { offset, entryBytes, segments };
  }

  /** The record of a slot at a place. Throws Fault STORE_DAMAGED with the slot. */
  read(segments: readonly Segment[], slot: number, place: EntryPlace): Uint8Array {
    const segment = segmentAt(segments, place.offset);
    const offset = ENTRY_FILE_START + place.offset - segment.start;
    return this.#file(segment.file).read(slot, { offset, length: place.length });
  }

  /**
   * The files that hold what begins at `start`, the first of them written anew where entries
   * before it share its file. They are durable; the old ones are still there.
   */
  async without(counts: Counts, start: number, firstSlot: number): Promise<readonly Segment[]> {
    const { segments, entryBytes } = counts;
    const kept = segments.filter((_, at) => (segments[at + 1]?.start ?? Infinity) > start);
    const [cut, ...rest] = kept;
    if (cut.start === start) return kept;
    const file = nextFile(segments);
    const copy = { file, start, firstSlot };
    await this.#begin(file);
    const target = this.#file(file);
    const end = rest[0]?.start ?? entryBytes;
    for (let at = start; at < end; at += COPY_CHUNK_BYTES) {
      const count = Math.min(COPY_CHUNK_BYTES, end - at);
      const bytes = this.#file(cut.file).copy(ENTRY_FILE_START + at - cut.start, count);
      target.paste(ENTRY_FILE_START + at - start, bytes);
      await setImmediate();
    }
    await target.sync();
    return [copy, ...rest];
  }

  /** Removes files that count no more. */
  drop(segments: readonly Segment[]): void {
    for (const { file } of segments) this.#remove(file);
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  async #begin(file: number): Promise<void> {
    await this.#file(file).begin();
    onDisk(this.#folder, () => this.#files.syncFolder(this.#folder));
  }

  #file(file: number): EntryFile {
    let open = this.#open.get(file);
    if (open === undefined) {
      open = new EntryFile(this.#files, entryPath(this.#folder, file));
      this.#open.set(file, open);
    }
    return open;
  }

  #remove(file: number): void {
    this.#open.get(file)?.close();
    this.#open.delete(file);
    const path = entryPath(this.#folder, file);
    onDisk(path, () => this.#files.remove(path));
    onDisk(this.#folder, () => this.#files.syncFolder(this.#folder));
  }
}

function nextFile(segments: readonly Segment[]): number {
  let last = 0;
  for (const { file } of segments) if (file > last) last = file;
  return last + 1;
}

/** The first slot of a range that does not end within its file, by halving: places ascend. */
function firstMissing(
  range: { readonly first: number; readonly end: number },
  placeOf: (slot: number) => EntryPlace | undefined,
  isHeld: (place: EntryPlace) => boolean,
): number {
  let low = range.first;
  let high = range.end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const place = placeOf(middle);
    if (place !== undefined && isHeld(place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last file that begins at or before the offset. */
function segmentAt(segments: readonly Segment[], offset: number): Segment {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (segments[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}
