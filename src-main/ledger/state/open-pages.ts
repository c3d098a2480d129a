/**
 * Decides how pages of the state map stand in memory while a batch changes them: as the bytes they
 * are stored in (`map-page.ts`), one behind the other in one piece and changed where they stand. A
 * commit touches about as many pages as rows and changes few places of each, so taking pages apart
 * and putting them together again would cost more than hashing them.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { damagedPage, KIND_BYTES, LEAF_BYTES, PAGE_PLACES, SUBTREE_BYTES } from "./map-page.ts";

/** What stands at a place. */
export const EMPTY = 0;
export const LEAF = 1;
export const SUBTREE = 2;

/** What stands at a place. */
export type PlaceKind = typeof EMPTY | typeof LEAF | typeof SUBTREE;

/** Bytes of a hash and of a key. */
export const HASH_BYTES = 32;

const PAGE_BYTES_MAX = KIND_BYTES + PAGE_PLACES * LEAF_BYTES;
const FIRST_BYTES = 65_536;
/** Each page begins at a multiple of this, so that its words are aligned. */
const ALIGNMENT = 16;

/** Pages under change, by number. */
export class OpenPages {
  #bytes: Uint8Array;
  #used = 0;
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #rooms: number[] = [];

  /** @param expectedBytes  what will be needed about; more is taken when it is not enough */
  constructor(expectedBytes = FIRST_BYTES) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** All pages, in one piece; another one after a page was opened. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** Where a page begins in `bytes`. */
  start(page: number): number {
    return this.#starts[page];
  }

  /**
   * Opens a page for so many changes of a leaf at most; answers its number.
   * Throws Fault STORE_DAMAGED for bytes that are no page.
   * @param stored  as the store has it; undefined for a new one
   */
  open(stored: Uint8Array | undefined, changes: number): number {
    const length = stored?.length ?? KIND_BYTES;
    if (length < KIND_BYTES || length > PAGE_BYTES_MAX) throw damagedPage();
    const room = Math.min(PAGE_BYTES_MAX, length + changes * LEAF_BYTES);
    const start = this.#used;
    const end = start + room;
    if (end > this.#bytes.length) this.#grow(end);
    if (stored !== undefined) this.#bytes.set(stored, start);
    this.#used = Math.floor((end + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT;
    const page = this.#starts.push(start) - 1;
    this.#lengths.push(length);
    this.#rooms.push(room);
    if (this.#sizeBefore(start, PAGE_PLACES) !== length) throw damagedPage();
    return page;
  }

  /** The page as it stands now; a view. */
  pageBytes(page: number): Uint8Array {
    const start = this.#starts[page];
    return this.#bytes.subarray(start, start + this.#lengths[page]);
  }

  /** What stands at a place. */
  kind(page: number, place: number): PlaceKind {
    const kinds = this.#bytes[this.#starts[page] + (place >> 2)];
    return ((kinds >> (2 * (place & 3))) & 3) as PlaceKind;
  }

  /** The key of the leaf at a place; a view. */
  key(page: number, place: number): Uint8Array {
    const at = this.#at(page, place);
    return this.#bytes.subarray(at, at + HASH_BYTES);
  }

  /** The hash of the leaf at a place; a view. */
  leafHash(page: number, place: number): Uint8Array {
    const at = this.#at(page, place) + HASH_BYTES;
    return this.#bytes.subarray(at, at + HASH_BYTES);
  }

  /** Whether the leaf at a place has this key. */
  hasKey(page: number, place: number, key: Uint8Array): boolean {
    return bytesEqual(this.key(page, place), key);
  }

  /** Puts a leaf at a place. */
  setLeaf(page: number, place: number, key: Uint8Array, hash: Uint8Array): void {
    const at = this.#make(page, place, LEAF);
    const bytes = this.#bytes;
    for (let byte = 0; byte < HASH_BYTES; byte += 1) {
      bytes[at + byte] = key[byte];
      bytes[at + HASH_BYTES + byte] = hash[byte];
    }
  }

  /** Puts the root of the page below at a place; its hash stands at `from` in `hashes`. */
  setSubtree(page: number, place: number, hashes: Uint8Array, from: number): void {
    const at = this.#make(page, place, SUBTREE);
    for (let byte = 0; byte < HASH_BYTES; byte += 1) this.#bytes[at + byte] = hashes[from + byte];
  }

  /** Empties a place. */
  unset(page: number, place: number): void {
    this.#make(page, place, EMPTY);
  }

  /** Puts the only leaf of another page at a place. */
  takeLeaf(page: number, place: number, from: number): void {
    const leaf = this.#starts[from] + KIND_BYTES;
    const at = this.#make(page, place, LEAF);
    this.#bytes.copyWithin(at, leaf, leaf + LEAF_BYTES);
  }

  /** Makes room for a kind at a place; answers where it stands. */
  #make(page: number, place: number, kind: PlaceKind): number {
    const at = this.#at(page, place);
    const before = this.kind(page, place);
    if (before === kind) return at;
    const start = this.#starts[page];
    const moved = sizeOf(kind) - sizeOf(before);
    if (moved !== 0) {
      const end = start + this.#lengths[page];
      this.#lengths[page] += moved;
      invariant(this.#lengths[page] <= this.#rooms[page], "a page was opened for its changes");
      this.#bytes.copyWithin(at + sizeOf(kind), at + sizeOf(before), end);
    }
    const shift = 2 * (place & 3);
    const byte = start + (place >> 2);
    this.#bytes[byte] = (this.#bytes[byte] & ~(3 << shift)) | (kind << shift);
    return at;
  }

  #at(page: number, place: number): number {
    const start = this.#starts[page];
    return start + this.#sizeBefore(start, place);
  }

  /** Bytes of a page before what stands at a place. */
  #sizeBefore(start: number, place: number): number {
    const bytes = this.#bytes;
    let size = KIND_BYTES;
    const whole = place >> 2;
    for (let byte = 0; byte < whole; byte += 1) size += SIZES[bytes[start + byte]];
    const rest = place & 3;
    if (rest > 0) size += SIZES[bytes[start + whole] & ((1 << (2 * rest)) - 1)];
    return size;
  }

  #grow(least: number): void {
    const bytes = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }
}

/** Bytes of the four places whose kinds make a byte; out of all bounds where one is no kind. */
const SIZES = Uint16Array.from({ length: 256 }, (_, kinds) => {
  let size = 0;
  for (let place = 0; place < 4; place += 1) {
    const kind = (kinds >> (2 * place)) & 3;
    size += kind > SUBTREE ? PAGE_BYTES_MAX : sizeOf(kind);
  }
  return size;
});

function sizeOf(kind: number): number {
  if (kind === EMPTY) return 0;
  return kind === LEAF ? LEAF_BYTES : SUBTREE_BYTES;
}
