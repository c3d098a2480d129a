/**
 * Decides the state root: a sparse binary Merkle map whose root is a function of its contents
 * alone. Leaf = SHA-256(0x00 ‖ key ‖ SHA-256(value)), inner = SHA-256(left ‖ right) of 64 bytes, a
 * subtree with one leaf is that leaf, an empty one is 32 zeros (ARCHITECTURE.md section 6).
 */

import { compareBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { foldPage } from "./map-fold.ts";
import type { MapNode } from "./map-fold.ts";
import {
  decodePage,
  EMPTY_PAGE,
  encodePage,
  PAGE_LEVELS,
  pageKey,
  placeOf,
  valueKey,
} from "./map-page.ts";
import type { HashPairs, Leaf, Page, Place } from "./map-page.ts";
import type { RowChange } from "./overlay.ts";
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

/** A changed leaf; undefined removes it. */
interface LeafChange {
  readonly key: Uint8Array;
  readonly leaf: Leaf | undefined;
}

interface Work {
  readonly needs: StateMapNeeds;
  readonly hashPairs: HashPairs;
  readonly pages: StatePageChange[];
}

/**
 * Carries out a batch of changes.
 * @param changes  each key at most once, 32 bytes
 * @cost           pages touched × (64 leaves and 63 pair hashes at most)
 */
export function updateStateMap(
  needs: StateMapNeeds,
  changes: readonly RowChange[],
): StateMapUpdate {
  const { hasher } = needs;
  const work: Work = { needs, hashPairs: pairsOf(needs), pages: [] };
  const sorted = [...changes].sort((left, right) => compareBytes(left.key, right.key));
  const leaves = sorted.map(({ key, value }, index): LeafChange => {
    invariant(key.length === 32, "a map key has 32 bytes");
    const repeated = index > 0 && compareBytes(sorted[index - 1].key, key) === 0;
    invariant(!repeated, "a key changes once in a batch");
    work.pages.push({ key: valueKey(key), bytes: value });
    if (value === undefined) return { key, leaf: undefined };
    return { key, leaf: { kind: "leaf", key, hash: stateLeafHash(hasher, key, hasher(value)) } };
  });
  const before = readAt(needs.readPage, 0, EMPTY_STATE_ROOT);
  const page = changedPage(work, 0, before, leaves);
  work.pages.push({ key: pageKey(0, EMPTY_STATE_ROOT), bytes: encodePage(page) });
  const root = foldPage(page, work.hashPairs)[0][0];
  return { root: root?.hash ?? EMPTY_STATE_ROOT, pages: work.pages };
}

/** The page at `depth` after the changes, which are sorted and all lie under it. */
function changedPage(work: Work, depth: number, page: Page, changes: readonly LeafChange[]): Page {
  const places: Place[] = [...page];
  let first = 0;
  while (first < changes.length) {
    const place = placeOf(changes[first].key, depth);
    let end = first + 1;
    while (end < changes.length && placeOf(changes[end].key, depth) === place) end += 1;
    places[place] = changedPlace(work, depth, places[place], changes.slice(first, end));
    first = end;
  }
  return places;
}

function changedPlace(
  work: Work,
  depth: number,
  place: Place,
  changes: readonly LeafChange[],
): Place {
  const below = depth + PAGE_LEVELS;
  if (place?.kind === "subtree") {
    const { key } = changes[0];
    const page = changedPage(work, below, readAt(work.needs.readPage, below, key), changes);
    return summary(work, below, key, page, true);
  }
  const kept = changes.filter((change) => change.leaf !== undefined);
  const untouched =
    place !== undefined && !changes.some(({ key }) => compareBytes(key, place.key) === 0);
  const leaves = untouched ? inserted(kept, { key: place.key, leaf: place }) : kept;
  if (leaves.length === 0) return undefined;
  if (leaves.length === 1) return leaves[0].leaf;
  const page = changedPage(work, below, EMPTY_PAGE, leaves);
  return summary(work, below, leaves[0].key, page, false);
}

/** What a page is to the place above it; writes the page, or deletes it when it is none. */
function summary(work: Work, depth: number, key: Uint8Array, page: Page, stored: boolean): Place {
  const node: MapNode = foldPage(page, work.hashPairs)[0][0];
  const ownKey = pageKey(depth, key);
  if (node?.leaf === undefined && node !== undefined) {
    work.pages.push({ key: ownKey, bytes: encodePage(page) });
    return { kind: "subtree", hash: node.hash };
  }
  // A subtree with one leaf is that leaf: it moves up and its page goes.
  if (stored) work.pages.push({ key: ownKey, bytes: undefined });
  return node?.leaf;
}

function inserted(changes: readonly LeafChange[], change: LeafChange): LeafChange[] {
  return [...changes, change].sort((left, right) => compareBytes(left.key, right.key));
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
