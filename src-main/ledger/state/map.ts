/**
 * Decides the state root: a sparse binary Merkle map whose root is a function of its contents
 * alone. Leaf = SHA-256(0x00 ‖ key ‖ SHA-256(value)), inner = SHA-256(left ‖ right) of 64 bytes, a
 * subtree with one leaf is that leaf, an empty one is 32 zeros (ARCHITECTURE.md section 6).
 */

import { compareBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { foldPage } from "./map-fold.ts";
import { foldPages, rootKind } from "./fold-pages.ts";
import type { PageRoots } from "./fold-pages.ts";
import {
  decodePage,
  EMPTY_PAGE,
  PAGE_LEVELS,
  PAGE_PLACES,
  pageKey,
  placeOf,
  valueKey,
} from "./map-page.ts";
import type { HashPairs, Page } from "./map-page.ts";
import type { RowChange } from "./overlay.ts";
import {
  bytesOfWords,
  EMPTY,
  HASH_WORDS,
  LEAF,
  PageDesk,
  SUBTREE,
  wordsOf,
} from "./page-places.ts";
import type { ReadPage, StatePageChange, StateView } from "./state-view.ts";

/** Root of the map without rows. */
export const EMPTY_STATE_ROOT: Uint8Array = new Uint8Array(32);

/** What the map needs; `hashPairs` is made from `hasher` when absent. */
export interface StateMapNeeds {
  readonly hasher: Hasher;
  readonly hashPairs?: HashPairs | undefined;
  readonly readPage: ReadPage;
}

/** A batch of changes carried out: the new root and the pages to write. */
export interface StateMapUpdate {
  readonly root: Uint8Array;
  readonly pages: readonly StatePageChange[];
}

/** Rows over the pages of a store. */
export function stateViewOver(readPage: ReadPage): StateView {
  return { get: (key) => readPage(valueKey(key)) };
}

/** Hashes pairs one after another with a plain hasher. */
export function hashPairsWith(hasher: Hasher): HashPairs {
  return (pairs) => {
    const hashes = new Uint8Array(pairs.length / 2);
    for (let at = 0; at < pairs.length; at += 64) {
      hashes.set(hasher(pairs.subarray(at, at + 64)), at / 2);
    }
    return hashes;
  };
}

/** Hash of a leaf: SHA-256(0x00 ‖ key ‖ SHA-256(value)). */
export function stateLeafHash(hasher: Hasher, key: Uint8Array, valueHash: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(65);
  bytes.set(key, 1);
  bytes.set(valueHash, 33);
  return hasher(bytes);
}

/** The root over what the pages hold. */
export function stateMapRoot(needs: StateMapNeeds): Uint8Array {
  const root = foldPage(readAt(needs.readPage, 0, EMPTY_STATE_ROOT), pairsOf(needs))[0][0];
  return root?.hash ?? EMPTY_STATE_ROOT;
}

/** A changed leaf; without a hash it goes. */
interface LeafChange {
  readonly key: Uint8Array;
  readonly hash: Uint32Array | undefined;
}

/** A page that a batch touches, and the place above it that it hangs at; -1 for the root page. */
interface TouchedPage {
  readonly page: number;
  readonly key: Uint8Array;
  readonly above: number;
  /** Whether the store has it. */
  readonly stored: boolean;
}

interface Work {
  readonly needs: StateMapNeeds;
  readonly hashPairs: HashPairs;
  readonly desk: PageDesk;
  readonly pages: StatePageChange[];
  /** Touched pages by depth ÷ 6. */
  readonly touched: TouchedPage[][];
}

/** A cleared desk of an earlier batch: making one costs more than a small batch. */
let spareDesk: PageDesk | undefined;

/**
 * Carries out a batch of changes.
 * @param changes  each key at most once, 32 bytes
 * @cost           pages touched × (64 leaves and 63 pair hashes at most), six calls of the batch
 *                 hasher for each 6 levels
 */
export function updateStateMap(
  needs: StateMapNeeds,
  changes: readonly RowChange[],
): StateMapUpdate {
  const desk = spareDesk ?? new PageDesk();
  spareDesk = undefined;
  desk.clear();
  const work: Work = { needs, hashPairs: pairsOf(needs), desk, pages: [], touched: [] };
  const sorted = [...changes].sort((left, right) => compareBytes(left.key, right.key));
  const leaves = sorted.map(({ key, value }, index): LeafChange => {
    invariant(key.length === 32, "a map key has 32 bytes");
    const repeated = index > 0 && compareBytes(sorted[index - 1].key, key) === 0;
    invariant(!repeated, "a key changes once in a batch");
    work.pages.push({ key: valueKey(key), bytes: value });
    if (value === undefined) return { key, hash: undefined };
    const { hasher } = needs;
    return { key, hash: wordsOf(stateLeafHash(hasher, key, hasher(value))) };
  });
  const bytes = needs.readPage(pageKey(0, EMPTY_STATE_ROOT));
  const page = bytes === undefined ? desk.add() : desk.read(bytes);
  touch(work, 0, { page, key: EMPTY_STATE_ROOT, above: -1, stored: true }, leaves);
  const root = settled(work);
  if (desk.isSmall) spareDesk = desk;
  return { root, pages: work.pages };
}

/** Carries changes, sorted and all under it, into a page and those below; hashes wait. */
function touch(work: Work, depth: number, page: TouchedPage, changes: readonly LeafChange[]): void {
  (work.touched[depth / PAGE_LEVELS] ??= []).push(page);
  let first = 0;
  while (first < changes.length) {
    const place = placeOf(changes[first].key, depth);
    let end = first + 1;
    while (end < changes.length && placeOf(changes[end].key, depth) === place) end += 1;
    changePlace(work, depth, page.page * PAGE_PLACES + place, changes.slice(first, end));
    first = end;
  }
}

function changePlace(
  work: Work,
  depth: number,
  above: number,
  changes: readonly LeafChange[],
): void {
  const { desk, needs } = work;
  const below = depth + PAGE_LEVELS;
  const { key } = changes[0];
  if (desk.kinds[above] === SUBTREE) {
    const bytes = needs.readPage(pageKey(below, key));
    invariant(bytes !== undefined, "the page of a subtree is in the store");
    touch(work, below, { page: desk.read(bytes), key, above, stored: true }, changes);
    return;
  }
  const leaves = leavesAfter(desk, above, changes);
  if (leaves.length < 2) {
    desk.unset(above);
    const [only] = leaves;
    if (only?.hash !== undefined) desk.set(above, LEAF, only.hash, 0, wordsOf(only.key));
    return;
  }
  touch(work, below, { page: desk.add(), key: leaves[0].key, above, stored: false }, leaves);
}

/** The leaves at a place that held at most one, after the changes; ascending by key. */
function leavesAfter(
  { kinds, keys, hashes }: PageDesk,
  at: number,
  changes: readonly LeafChange[],
): readonly LeafChange[] {
  const kept = changes.filter(({ hash }) => hash !== undefined);
  if (kinds[at] === EMPTY) return kept;
  const key = bytesOfWords(keys, at * HASH_WORDS);
  if (changes.some((change) => compareBytes(change.key, key) === 0)) return kept;
  const hash = hashes.slice(at * HASH_WORDS, (at + 1) * HASH_WORDS);
  return [...kept, { key, hash }].sort((left, right) => compareBytes(left.key, right.key));
}

/** Folds the touched pages from the deepest upwards and writes them; answers the root. */
function settled(work: Work): Uint8Array {
  const { desk, hashPairs, touched } = work;
  let roots: PageRoots | undefined;
  for (let level = touched.length - 1; level >= 0; level -= 1) {
    const pages = touched[level];
    const numbers = pages.map(({ page }) => page);
    roots = foldPages(desk, numbers, hashPairs);
    writeLevel(work, level * PAGE_LEVELS, pages, roots);
  }
  if (roots === undefined || rootKind(roots, 0) === EMPTY) return EMPTY_STATE_ROOT;
  return bytesOfWords(roots.hashes, 0);
}

/** Writes the folded pages of a level into one piece of memory and tells the places above them. */
function writeLevel(
  work: Work,
  depth: number,
  pages: readonly TouchedPage[],
  roots: PageRoots,
): void {
  const { desk } = work;
  const remains = (index: number): boolean =>
    pages[index].above < 0 || rootKind(roots, index) === SUBTREE;
  let words = 0;
  for (const [index, { page }] of pages.entries()) if (remains(index)) words += desk.sizeOf(page);
  const out = new Uint32Array(words);
  let word = 0;
  for (const [index, touched] of pages.entries()) {
    const key = pageKey(depth, touched.key);
    if (!remains(index)) {
      if (touched.stored) work.pages.push({ key, bytes: undefined });
      moveUp(desk, touched);
      continue;
    }
    const end = desk.write(touched.page, out, word);
    work.pages.push({ key, bytes: new Uint8Array(out.buffer, 4 * word, 4 * (end - word)) });
    word = end;
    const { above } = touched;
    if (above >= 0) desk.set(above, SUBTREE, roots.hashes, index * HASH_WORDS);
  }
}

/** A subtree with one leaf is that leaf, and with none nothing: its page is gone. */
function moveUp(desk: PageDesk, { page, above }: TouchedPage): void {
  desk.unset(above);
  const first = page * PAGE_PLACES;
  for (let at = first; at < first + PAGE_PLACES; at += 1) {
    if (desk.kinds[at] === EMPTY) continue;
    desk.set(above, LEAF, desk.hashes, at * HASH_WORDS, desk.keys, at * HASH_WORDS);
  }
}

/** Reads the page at `depth` on the path of a key; only the root page may be absent. */
export function readAt(readPage: ReadPage, depth: number, key: Uint8Array): Page {
  const bytes = readPage(pageKey(depth, key));
  invariant(bytes !== undefined || depth === 0, "the page of a subtree is in the store");
  return bytes === undefined ? EMPTY_PAGE : decodePage(bytes);
}

/** The batch hasher in use. */
export function pairsOf(needs: StateMapNeeds): HashPairs {
  return needs.hashPairs ?? hashPairsWith(needs.hasher);
}
