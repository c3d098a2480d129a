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
import { decodePage, EMPTY_PAGE, PAGE_LEVELS, pageKey, placeOf, valueKey } from "./map-page.ts";
import type { HashPairs, Page, PageRoots } from "./map-page.ts";
import type { RowChange } from "./overlay.ts";
import { EMPTY, HASH_BYTES, OpenPages, SUBTREE } from "./open-pages.ts";
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
  readonly hash: Uint8Array | undefined;
}

/** A page that a batch touches, and the place of the page above that it hangs at. */
interface TouchedPage {
  readonly page: number;
  /** Under which the store keeps it. */
  readonly key: Uint8Array;
  /** −1 above the root page. */
  readonly above: number;
  readonly place: number;
  /** Whether the store has it. */
  readonly stored: boolean;
}

interface Work {
  readonly needs: StateMapNeeds;
  readonly open: OpenPages;
  readonly pages: StatePageChange[];
  /** Touched pages by depth ÷ 6. */
  readonly touched: TouchedPage[][];
}

/** Bytes of pages that a changed row brings with it, about. */
const BYTES_A_CHANGE = 1_536;

/**
 * Carries out a batch of changes.
 * @param changes  each key at most once, 32 bytes
 * @cost           pages touched × (64 leaves and 63 pair hashes at most), in few calls of a batch
 *                 hasher for each 6 levels
 */
export function updateStateMap(
  needs: StateMapNeeds,
  changes: readonly RowChange[],
): StateMapUpdate {
  const open = new OpenPages(BYTES_A_CHANGE * (changes.length + 1));
  const work: Work = { needs, open, pages: [], touched: [] };
  const leaves = leavesOf(work, changes);
  const key = pageKey(0, EMPTY_STATE_ROOT);
  const page = open.open(needs.readPage(key), leaves.length);
  const all = { all: leaves, first: 0, end: leaves.length };
  touch(work, 0, { page, key, above: -1, place: 0, stored: true }, all);
  return { root: settled(work), pages: work.pages };
}

/** The changed leaves, ascending by key; the rows themselves are among what is to be written. */
function leavesOf(work: Work, changes: readonly RowChange[]): LeafChange[] {
  const sorted = inOrder(changes);
  const keys: Uint8Array[] = [];
  const values: Uint8Array[] = [];
  for (const [index, { key, value }] of sorted.entries()) {
    invariant(key.length === 32, "a map key has 32 bytes");
    const repeated = index > 0 && compareBytes(sorted[index - 1].key, key) === 0;
    invariant(!repeated, "a key changes once in a batch");
    work.pages.push({ key: valueKey(key), bytes: value });
    if (value === undefined) continue;
    keys.push(key);
    values.push(value);
  }
  const hashes = leafHashes(work.needs, keys, values);
  let at = 0;
  return sorted.map(({ key, value }): LeafChange => {
    if (value === undefined) return { key, hash: undefined };
    at += HASH_BYTES;
    return { key, hash: hashes.subarray(at - HASH_BYTES, at) };
  });
}

/** Changes whose places in a batch and first bytes of key fit into one number of 53 bits. */
const NUMBERED_MAX = 8_192;
const NUMBERED_KEY_BYTES = 5;

/** Ascending by key: sorted as numbers, since that is many times as fast, then by what is left. */
function inOrder(changes: readonly RowChange[]): RowChange[] {
  if (changes.length > NUMBERED_MAX) {
    return [...changes].sort((left, right) => compareBytes(left.key, right.key));
  }
  const numbers = new Float64Array(changes.length);
  for (const [index, { key }] of changes.entries()) {
    let number = 0;
    for (let at = 0; at < NUMBERED_KEY_BYTES; at += 1) number = 256 * number + key[at];
    numbers[index] = number * NUMBERED_MAX + index;
  }
  numbers.sort((left, right) => left - right);
  const sorted = Array.from(numbers, (number) => changes[number % NUMBERED_MAX]);
  for (let at = 1; at < sorted.length; at += 1) {
    // Only keys that begin alike can still stand the wrong way round.
    const change = sorted[at];
    let to = at;
    for (; to > 0 && compareBytes(sorted[to - 1].key, change.key) > 0; to -= 1) {
      sorted[to] = sorted[to - 1];
    }
    sorted[to] = change;
  }
  return sorted;
}

function leafHashes(
  { hasher, hashPairs }: StateMapNeeds,
  keys: readonly Uint8Array[],
  values: readonly Uint8Array[],
): Uint8Array {
  const joined = new Uint8Array(keys.length * HASH_BYTES);
  for (const [index, key] of keys.entries()) joined.set(key, index * HASH_BYTES);
  const fast = hashPairs?.mapLeaves?.(joined, values);
  if (fast !== undefined) return fast;
  for (const [index, value] of values.entries()) {
    joined.set(stateLeafHash(hasher, keys[index], hasher(value)), index * HASH_BYTES);
  }
  return joined;
}

/** Some of a batch's changes, from `first` to before `end`; ascending by key. */
interface Changes {
  readonly all: readonly LeafChange[];
  readonly first: number;
  readonly end: number;
}

/** Carries changes, all under it, into a page and those below; hashes wait. */
function touch(work: Work, depth: number, page: TouchedPage, changes: Changes): void {
  (work.touched[depth / PAGE_LEVELS] ??= []).push(page);
  const { all, end: last } = changes;
  let { first } = changes;
  while (first < last) {
    const place = placeOf(all[first].key, depth);
    let end = first + 1;
    while (end < last && placeOf(all[end].key, depth) === place) end += 1;
    changePlace(work, depth, page.page, place, { all, first, end });
    first = end;
  }
}

function changePlace(
  work: Work,
  depth: number,
  above: number,
  place: number,
  changes: Changes,
): void {
  const { open, needs } = work;
  const { all, first, end } = changes;
  const kind = open.kind(above, place);
  const below = depth + PAGE_LEVELS;
  if (kind === SUBTREE) {
    const key = pageKey(below, all[first].key);
    const bytes = needs.readPage(key);
    invariant(bytes !== undefined, "the page of a subtree is in the store");
    const page = open.open(bytes, end - first);
    touch(work, below, { page, key, above, place, stored: true }, changes);
    return;
  }
  // Nearly every changed place: without this shortcut a commit takes a fifth longer.
  const only = end - first === 1 ? all[first] : undefined;
  if (only !== undefined && (kind === EMPTY || open.hasKey(above, place, only.key))) {
    if (only.hash === undefined) open.unset(above, place);
    else open.setLeaf(above, place, only.key, only.hash);
    return;
  }
  const leaves = leavesAfter(open, above, place, all.slice(first, end));
  if (leaves.length < 2) {
    const [left] = leaves;
    if (left?.hash === undefined) open.unset(above, place);
    else open.setLeaf(above, place, left.key, left.hash);
    return;
  }
  const key = pageKey(below, leaves[0].key);
  const page = open.open(undefined, leaves.length);
  const own = { all: leaves, first: 0, end: leaves.length };
  touch(work, below, { page, key, above, place, stored: false }, own);
}

/** The leaves at a place that held at most one, after the changes; ascending by key. */
function leavesAfter(
  open: OpenPages,
  page: number,
  place: number,
  changes: readonly LeafChange[],
): readonly LeafChange[] {
  const kept = changes.some(({ hash }) => hash === undefined)
    ? changes.filter(({ hash }) => hash !== undefined)
    : changes;
  if (open.kind(page, place) === EMPTY) return kept;
  if (changes.some((change) => open.hasKey(page, place, change.key))) return kept;
  const key = open.key(page, place).slice();
  const hash = open.leafHash(page, place).slice();
  return [...kept, { key, hash }].sort((left, right) => compareBytes(left.key, right.key));
}

/** Folds the touched pages from the deepest upwards and writes them; answers the root. */
function settled(work: Work): Uint8Array {
  const { needs, open, touched } = work;
  const hashPairs = pairsOf(needs);
  let roots: PageRoots | undefined;
  for (let level = touched.length - 1; level >= 0; level -= 1) {
    const pages = touched[level];
    const starts = Uint32Array.from(pages, ({ page }) => open.start(page));
    roots = foldPages(open.bytes.subarray(0, open.used), starts, hashPairs);
    writeLevel(work, pages, roots);
  }
  if (roots === undefined || rootKind(roots, 0) === EMPTY) return EMPTY_STATE_ROOT;
  return roots.hashes.slice(0, HASH_BYTES);
}

/** Writes the folded pages of a level and tells the pages above them. */
function writeLevel({ open, pages: written }: Work, pages: TouchedPage[], roots: PageRoots): void {
  for (const [index, { page, key, above, place, stored }] of pages.entries()) {
    const kind = rootKind(roots, index);
    if (above < 0 || kind === SUBTREE) {
      written.push({ key, bytes: open.pageBytes(page) });
      if (above >= 0) open.setSubtree(above, place, roots.hashes, index * HASH_BYTES);
      continue;
    }
    // A subtree with one leaf is that leaf, and with none nothing: its page is gone.
    if (stored) written.push({ key, bytes: undefined });
    if (kind === EMPTY) open.unset(above, place);
    else open.takeLeaf(above, place, page);
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
