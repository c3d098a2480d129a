/**
 * Decides how pages of the state map stand in memory while a batch changes them: the 64 places of
 * each side by side in flat arrays, because a commit touches about as many pages as rows, and an
 * object for each place, or an array for each page, would cost more than hashing them. Bytes are
 * those of `map-page.ts`.
 */

import { damagedPage, KIND_BYTES, LEAF_BYTES, PAGE_PLACES, SUBTREE_BYTES } from "./map-page.ts";

/** What stands at a place. */
export const EMPTY = 0;
export const LEAF = 1;
export const SUBTREE = 2;

/** What stands at a place. */
export type PlaceKind = typeof EMPTY | typeof LEAF | typeof SUBTREE;

/** 32-bit words of a hash and of a key. */
export const HASH_WORDS = 8;

/** Pages that arrays begin with, and above which a finished desk is not kept for the next batch. */
const FIRST_PAGES = 256;
const KEPT_PAGES_MAX = 4_096;

/** Copies a hash or key of eight words. */
export function copyWords(
  to: Uint32Array,
  toWord: number,
  from: Uint32Array,
  fromWord: number,
): void {
  for (let word = 0; word < HASH_WORDS; word += 1) to[toWord + word] = from[fromWord + word];
}

/** The words of 32 bytes; a copy, so that they are aligned. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(HASH_WORDS);
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

/** The 32 bytes of eight words. */
export function bytesOfWords(words: Uint32Array, word: number): Uint8Array {
  return new Uint8Array(words.slice(word, word + HASH_WORDS).buffer);
}

/** The pages under change. Place i of page p is place 64·p + i; its words begin at 8 times that. */
export class PageDesk {
  #kinds = new Uint8Array(FIRST_PAGES * PAGE_PLACES);
  #hashes = new Uint32Array(FIRST_PAGES * PAGE_PLACES * HASH_WORDS);
  #keys = new Uint32Array(FIRST_PAGES * PAGE_PLACES * HASH_WORDS);
  #pages = 0;
  /** Words of a page that is read, aligned. */
  readonly #read = new Uint32Array((KIND_BYTES + PAGE_PLACES * LEAF_BYTES) / 4);

  /** What stands at each place. */
  get kinds(): Uint8Array {
    return this.#kinds;
  }

  /** Hashes of leaves and subtrees. */
  get hashes(): Uint32Array {
    return this.#hashes;
  }

  /** Keys of leaves. */
  get keys(): Uint32Array {
    return this.#keys;
  }

  /** Whether the desk is small enough to be kept for the next batch. */
  get isSmall(): boolean {
    return this.#kinds.length <= KEPT_PAGES_MAX * PAGE_PLACES;
  }

  /** Takes all pages away. */
  clear(): void {
    this.#kinds.fill(EMPTY, 0, this.#pages * PAGE_PLACES);
    this.#pages = 0;
  }

  /** Puts an empty page on the desk; answers its number. */
  add(): number {
    if ((this.#pages + 1) * PAGE_PLACES > this.#kinds.length) this.#grow();
    this.#pages += 1;
    return this.#pages - 1;
  }

  /**
   * Puts a page on the desk that our own store kept; answers its number.
   * Throws Fault STORE_DAMAGED for bytes that are no page.
   */
  read(bytes: Uint8Array): number {
    const page = this.add();
    const words = this.#read;
    if (bytes.length < KIND_BYTES || bytes.length % 4 !== 0) throw damagedPage();
    if (bytes.length > 4 * words.length) throw damagedPage();
    // Copied: words are aligned then, and the store may reuse its memory.
    new Uint8Array(words.buffer).set(bytes);
    const end = bytes.length / 4;
    let at = KIND_BYTES / 4;
    for (let place = 0; place < PAGE_PLACES; place += 1) {
      const kind = (bytes[place >> 2] >> (2 * (place & 3))) & 3;
      if (kind === EMPTY) continue;
      const size = kind === LEAF ? LEAF_BYTES / 4 : SUBTREE_BYTES / 4;
      if (kind > SUBTREE || at + size > end) throw damagedPage();
      const to = page * PAGE_PLACES + place;
      this.#kinds[to] = kind;
      if (kind === LEAF) copyWords(this.#keys, to * HASH_WORDS, words, at);
      copyWords(this.#hashes, to * HASH_WORDS, words, at + size - HASH_WORDS);
      at += size;
    }
    if (at !== end) throw damagedPage();
    return page;
  }

  /** Puts a leaf or a subtree at a place; words of hash and key from `word` on. */
  set(
    at: number,
    kind: typeof LEAF | typeof SUBTREE,
    hash: Uint32Array,
    hashWord: number,
    key?: Uint32Array,
    keyWord = 0,
  ): void {
    this.#kinds[at] = kind;
    copyWords(this.#hashes, at * HASH_WORDS, hash, hashWord);
    if (key !== undefined) copyWords(this.#keys, at * HASH_WORDS, key, keyWord);
  }

  /** Empties a place. */
  unset(at: number): void {
    this.#kinds[at] = EMPTY;
  }

  /** Words of a page's bytes. */
  sizeOf(page: number): number {
    let size = KIND_BYTES / 4;
    const first = page * PAGE_PLACES;
    for (let at = first; at < first + PAGE_PLACES; at += 1) {
      const kind = this.#kinds[at];
      if (kind !== EMPTY) size += kind === LEAF ? 2 * HASH_WORDS : HASH_WORDS;
    }
    return size;
  }

  /** Writes a page's bytes into words that are zero, from `word` on; answers where they end. */
  write(page: number, words: Uint32Array, word: number): number {
    const bytes = new Uint8Array(words.buffer, 4 * word, KIND_BYTES);
    let to = word + KIND_BYTES / 4;
    for (let place = 0; place < PAGE_PLACES; place += 1) {
      const at = page * PAGE_PLACES + place;
      const kind = this.#kinds[at];
      if (kind === EMPTY) continue;
      bytes[place >> 2] |= kind << (2 * (place & 3));
      if (kind === LEAF) {
        copyWords(words, to, this.#keys, at * HASH_WORDS);
        to += HASH_WORDS;
      }
      copyWords(words, to, this.#hashes, at * HASH_WORDS);
      to += HASH_WORDS;
    }
    return to;
  }

  #grow(): void {
    const { length } = this.#kinds;
    const kinds = new Uint8Array(2 * length);
    kinds.set(this.#kinds);
    const hashes = new Uint32Array(2 * length * HASH_WORDS);
    hashes.set(this.#hashes);
    const keys = new Uint32Array(2 * length * HASH_WORDS);
    keys.set(this.#keys);
    this.#kinds = kinds;
    this.#hashes = hashes;
    this.#keys = keys;
  }
}
