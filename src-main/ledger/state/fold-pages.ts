/**
 * Decides the roots of many pages at once. All pages of one depth are folded side by side, level by
 * level, so that a batch hasher is called six times with thousands of pairs instead of thousands of
 * times with a few; `map-fold.ts` is the same fold of one page, for proofs.
 */

import { KIND_BYTES, PAGE_PLACES } from "./map-page.ts";
import type { HashPairs, PageRoots } from "./map-page.ts";
import { EMPTY, HASH_BYTES, LEAF, SUBTREE } from "./open-pages.ts";
import type { PlaceKind } from "./open-pages.ts";

/** 32-bit words of a hash and of a key. */
const HASH_WORDS = HASH_BYTES / 4;

/** Pages folded together: bounds the memory at 2 MiB, far beyond what a batch hasher fills. */
const TOGETHER_MAX = 1_024;

/** Nodes of the level being folded, and pairs to hash; used by one fold after the other. */
const kinds = new Uint8Array(TOGETHER_MAX * PAGE_PLACES);
const hashes = new Uint32Array(TOGETHER_MAX * PAGE_PLACES * HASH_WORDS);
const pairs = new Uint32Array(TOGETHER_MAX * PAGE_PLACES * HASH_WORDS);
const hashedTo = new Uint32Array(TOGETHER_MAX * (PAGE_PLACES / 2));

/**
 * Roots of pages, in their order.
 * @param bytes   holds the pages (`OpenPages`), each from an aligned start
 */
export function foldPages(bytes: Uint8Array, starts: Uint32Array, hashPairs: HashPairs): PageRoots {
  const fast = hashPairs.pageRoots?.(bytes, starts);
  if (fast !== undefined) return fast;
  const count = starts.length;
  const roots = { kinds: new Uint8Array(count), hashes: new Uint8Array(count * HASH_BYTES) };
  for (let first = 0; first < count; first += TOGETHER_MAX) {
    const together = starts.subarray(first, first + TOGETHER_MAX);
    foldTogether(bytes, together, hashPairs);
    roots.kinds.set(kinds.subarray(0, together.length), first);
    const folded = new Uint8Array(hashes.buffer, 0, together.length * HASH_BYTES);
    roots.hashes.set(folded, first * HASH_BYTES);
  }
  return roots;
}

function foldTogether(bytes: Uint8Array, starts: Uint32Array, hashPairs: HashPairs): void {
  const words = wordsView(bytes);
  for (const [index, start] of starts.entries()) readPlaces(bytes, words, start, index);
  for (let nodes = starts.length * PAGE_PLACES; nodes > starts.length; nodes /= 2) {
    foldLevel(nodes, hashPairs);
  }
}

/** Takes the kinds and hashes of a page to its nodes. */
function readPlaces(bytes: Uint8Array, words: Uint32Array, start: number, index: number): void {
  let from = (start + KIND_BYTES) / 4;
  for (let place = 0; place < PAGE_PLACES; place += 1) {
    const kind = (bytes[start + (place >> 2)] >> (2 * (place & 3))) & 3;
    const node = index * PAGE_PLACES + place;
    kinds[node] = kind;
    if (kind === EMPTY) continue;
    if (kind === LEAF) from += HASH_WORDS;
    copyWords(hashes, node * HASH_WORDS, words, from);
    from += HASH_WORDS;
  }
}

/** Folds `nodes` nodes into half as many, in place: node i is written before 2·i is overwritten. */
function foldLevel(nodes: number, hashPairs: HashPairs): void {
  let open = 0;
  for (let left = 0; left < nodes; left += 2) {
    const above = left >> 1;
    const leftKind = kinds[left];
    const rightKind = kinds[left + 1];
    if (isInner(leftKind, rightKind)) {
      const word = 2 * HASH_WORDS * open;
      fillHalf(word, leftKind, left);
      fillHalf(word + HASH_WORDS, rightKind, left + 1);
      hashedTo[open] = above;
      open += 1;
      kinds[above] = SUBTREE;
      continue;
    }
    // A subtree with one leaf is that leaf, an empty one is nothing.
    const lone = leftKind === EMPTY ? left + 1 : left;
    kinds[above] = kinds[lone];
    if (kinds[lone] !== EMPTY) copyWords(hashes, above * HASH_WORDS, hashes, lone * HASH_WORDS);
  }
  if (open === 0) return;
  const hashed = wordsView(hashPairs(new Uint8Array(pairs.buffer, 0, 8 * HASH_WORDS * open)));
  for (let index = 0; index < open; index += 1) {
    copyWords(hashes, hashedTo[index] * HASH_WORDS, hashed, index * HASH_WORDS);
  }
}

/** One half of a pair; an empty one is 32 zeros. */
function fillHalf(word: number, kind: number, node: number): void {
  if (kind === EMPTY) pairs.fill(0, word, word + HASH_WORDS);
  else copyWords(pairs, word, hashes, node * HASH_WORDS);
}

/** Whether two halves make an inner node: unless both are empty, or one is and the other a leaf. */
function isInner(left: number, right: number): boolean {
  return left + right > LEAF;
}

function copyWords(to: Uint32Array, toWord: number, from: Uint32Array, fromWord: number): void {
  for (let word = 0; word < HASH_WORDS; word += 1) to[toWord + word] = from[fromWord + word];
}

/** Aligned words over bytes; what is left of the last word is not in them. */
function wordsView(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4));
}

/** The kind of a page's root. */
export function rootKind(roots: PageRoots, index: number): PlaceKind {
  return roots.kinds[index] as PlaceKind;
}
