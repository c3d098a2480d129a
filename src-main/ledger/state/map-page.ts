/**
 * Decides the bytes of a page of the state map: 6 levels of the tree, so 64 places below, each
 * empty, one leaf, or the hash of a subtree with at least two leaves, which has its own page.
 */

import { Fault, invariant } from "../../contract/outcome.ts";

/** What pages are to the places above them. */
export interface PageRoots {
  /** One each: 0 empty, 1 a leaf, 2 a subtree. */
  readonly kinds: Uint8Array;
  /** 32 bytes each, joined; of no meaning where the kind is empty. */
  readonly hashes: Uint8Array;
}

/**
 * Hashes 64-byte pairs, n of them joined, into n joined 32-byte hashes. It may know to do more at
 * once, and answers undefined where it does not; the answers are those of `stateLeafHash` and of
 * `foldPage`.
 */
export interface HashPairs {
  (pairs: Uint8Array): Uint8Array;
  /** Leaf hashes, joined, of rows with these keys (joined) and values. */
  readonly mapLeaves?: (keys: Uint8Array, values: readonly Uint8Array[]) => Uint8Array | undefined;
  /** Roots of pages that begin at `starts`, multiples of 4. */
  readonly pageRoots?: (pages: Uint8Array, starts: Uint32Array) => PageRoots | undefined;
}

/** Levels of the tree in one page. */
export const PAGE_LEVELS = 6;
/** Places at the bottom of a page. */
export const PAGE_PLACES = 64;

/** What stands at a place of a page. */
export type Place =
  | undefined
  | { readonly kind: "leaf"; readonly key: Uint8Array; readonly hash: Uint8Array }
  | { readonly kind: "subtree"; readonly hash: Uint8Array };

/** The leaf kind of a place. */
export type Leaf = Extract<Place, { kind: "leaf" }>;

/** A page in memory: always 64 places. */
export type Page = readonly Place[];

/** A page without leaves. */
export const EMPTY_PAGE: Page = Array.from({ length: PAGE_PLACES }, () => undefined);

/** Bytes of a leaf, of a subtree and of the kinds of all places. */
export const LEAF_BYTES = 64;
export const SUBTREE_BYTES = 32;
export const KIND_BYTES = 16;

/** Bytes of a page: two bits a place (0 empty, 1 leaf, 2 subtree), then what stands there. */
export function encodePage(page: Page): Uint8Array {
  let size = KIND_BYTES;
  for (const place of page) {
    if (place !== undefined) size += place.kind === "leaf" ? LEAF_BYTES : SUBTREE_BYTES;
  }
  const bytes = new Uint8Array(size);
  let at = KIND_BYTES;
  for (const [index, place] of page.entries()) {
    if (place === undefined) continue;
    bytes[index >> 2] |= (place.kind === "leaf" ? 1 : 2) << (2 * (index & 3));
    if (place.kind === "leaf") {
      bytes.set(place.key, at);
      bytes.set(place.hash, at + 32);
      at += LEAF_BYTES;
    } else {
      bytes.set(place.hash, at);
      at += SUBTREE_BYTES;
    }
  }
  return bytes;
}

/**
 * Reads a page that our own store kept.
 * Throws Fault STORE_DAMAGED for bytes that are no page: the disk gave others than were written.
 */
export function decodePage(bytes: Uint8Array): Page {
  if (bytes.length < KIND_BYTES) throw damagedPage();
  // One copy for all: the store may reuse its memory once it is read from again.
  const own = Uint8Array.from(bytes);
  const page: Place[] = [];
  let at = KIND_BYTES;
  for (let index = 0; index < PAGE_PLACES; index += 1) {
    const kind = (bytes[index >> 2] >> (2 * (index & 3))) & 3;
    if (kind === 1) {
      page.push({
        kind: "leaf",
        key: own.subarray(at, at + 32),
        hash: own.subarray(at + 32, at + 64),
      });
      at += LEAF_BYTES;
    } else if (kind === 2) {
      page.push({ kind: "subtree", hash: own.subarray(at, at + 32) });
      at += SUBTREE_BYTES;
    } else {
      if (kind !== 0) throw damagedPage();
      page.push(undefined);
    }
  }
  if (at !== bytes.length) throw damagedPage();
  return page;
}

/** Bytes that are no page: the disk gave others than were written. */
export function damagedPage(): Fault {
  return new Fault("STORE_DAMAGED", "a stored page of the state is malformed", { what: "state" });
}

/** Key of the page at a depth (a multiple of 6) on the path of a map key: 33 bytes. */
export function pageKey(depth: number, key: Uint8Array): Uint8Array {
  invariant(depth % PAGE_LEVELS === 0 && depth < 256, "a page starts every six levels");
  const bytes = new Uint8Array(33);
  // 0xff tells rows from pages: no depth is 255, since depths are multiples of six.
  bytes[0] = depth;
  const whole = depth >> 3;
  bytes.set(key.subarray(0, whole), 1);
  const rest = depth & 7;
  if (rest > 0) bytes[1 + whole] = key[whole] & (0xff << (8 - rest));
  return bytes;
}

/** Key under which the store keeps the value of a row: 33 bytes. */
export function valueKey(key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes[0] = 0xff;
  bytes.set(key, 1);
  return bytes;
}

/** Bit `depth` of a key, from the most significant bit of its first byte. */
export function keyBit(key: Uint8Array, depth: number): number {
  return (key[depth >> 3] >> (7 - (depth & 7))) & 1;
}

/** The place of a key in its page at that depth; the last page has four levels that count. */
export function placeOf(key: Uint8Array, depth: number): number {
  const byte = depth >> 3;
  // Past the last byte stand zeros, as bits beyond the key count as zero.
  const bits = (key[byte] << 8) | (byte < 31 ? key[byte + 1] : 0);
  return (bits >> (10 - (depth & 7))) & (PAGE_PLACES - 1);
}
