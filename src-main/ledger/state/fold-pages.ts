/**
 * Decides the roots of many pages at once. All pages of one depth are folded side by side, level by
 * level, so that a batch hasher is called six times with thousands of pairs instead of thousands of
 * times with a few; `map-fold.ts` is the same fold of one page, for proofs.
 */

import type { HashPairs } from "./map-page.ts";
import { PAGE_PLACES } from "./map-page.ts";
import { copyWords, EMPTY, HASH_WORDS, LEAF, SUBTREE } from "./page-places.ts";
import type { PageDesk, PlaceKind } from "./page-places.ts";

/** Pages folded together: bounds the memory at 2 MiB, far beyond what a batch hasher fills. */
const TOGETHER_MAX = 1_024;

/** What pages are to the places above them: kinds, and eight words of hash for each. */
export interface PageRoots {
  readonly kinds: Uint8Array;
  readonly hashes: Uint32Array;
}

/** Nodes of the level being folded, and pairs to hash; used by one fold after the other. */
const kinds = new Uint8Array(TOGETHER_MAX * PAGE_PLACES);
const hashes = new Uint32Array(TOGETHER_MAX * PAGE_PLACES * HASH_WORDS);
const pairs = new Uint32Array(TOGETHER_MAX * PAGE_PLACES * HASH_WORDS);
const hashedTo = new Uint32Array(TOGETHER_MAX * (PAGE_PLACES / 2));

/** Roots of pages of a desk, in their order. */
export function foldPages(
  desk: PageDesk,
  pages: readonly number[],
  hashPairs: HashPairs,
): PageRoots {
  const roots = {
    kinds: new Uint8Array(pages.length),
    hashes: new Uint32Array(pages.length * HASH_WORDS),
  };
  for (let first = 0; first < pages.length; first += TOGETHER_MAX) {
    const together = pages.slice(first, first + TOGETHER_MAX);
    foldTogether(desk, together, hashPairs);
    roots.kinds.set(kinds.subarray(0, together.length), first);
    roots.hashes.set(hashes.subarray(0, together.length * HASH_WORDS), first * HASH_WORDS);
  }
  return roots;
}

function foldTogether(desk: PageDesk, pages: readonly number[], hashPairs: HashPairs): void {
  for (const [index, page] of pages.entries()) {
    const from = page * PAGE_PLACES;
    const to = index * PAGE_PLACES;
    kinds.set(desk.kinds.subarray(from, from + PAGE_PLACES), to);
    const words = desk.hashes.subarray(from * HASH_WORDS, (from + PAGE_PLACES) * HASH_WORDS);
    hashes.set(words, to * HASH_WORDS);
  }
  for (let nodes = pages.length * PAGE_PLACES; nodes > pages.length; nodes /= 2) {
    foldLevel(nodes, hashPairs);
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

/** Aligned words over a hasher's answer. */
function wordsView(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** The kind of a page's root. */
export function rootKind(roots: PageRoots, index: number): PlaceKind {
  return roots.kinds[index] as PlaceKind;
}
