/** Decides how the 64 places of a page become one node, level by level. */

import { PAGE_LEVELS } from "./map-page.ts";
import type { HashPairs, Leaf, Page } from "./map-page.ts";

/** A node within a page: nothing, one leaf (`leaf` is set), or a subtree of at least two. */
export type MapNode = undefined | { readonly hash: Uint8Array; readonly leaf: Leaf | undefined };

/**
 * All nodes of a page: level 0 is its root, level 6 its places.
 * @cost  at most 63 pair hashes, in six batches
 */
export function foldPage(page: Page, hashPairs: HashPairs): readonly (readonly MapNode[])[] {
  let level: readonly MapNode[] = page.map((place) => {
    if (place === undefined) return undefined;
    return { hash: place.hash, leaf: place.kind === "leaf" ? place : undefined };
  });
  const levels = [level];
  for (let height = PAGE_LEVELS; height > 0; height -= 1) {
    level = foldLevel(level, hashPairs);
    levels.unshift(level);
  }
  return levels;
}

function foldLevel(nodes: readonly MapNode[], hashPairs: HashPairs): MapNode[] {
  const above: MapNode[] = [];
  const open: number[] = [];
  for (let index = 0; index < nodes.length; index += 2) {
    const left = nodes[index];
    const right = nodes[index + 1];
    const lone = left === undefined ? right : right === undefined ? left : undefined;
    const settled = left === undefined && right === undefined;
    if (settled || lone?.leaf !== undefined) above.push(lone);
    else {
      open.push(index);
      above.push(undefined);
    }
  }
  if (open.length === 0) return above;
  const pairs = new Uint8Array(64 * open.length);
  for (const [position, index] of open.entries()) {
    // An empty half stays 32 zeros.
    const left = nodes[index];
    const right = nodes[index + 1];
    if (left !== undefined) pairs.set(left.hash, 64 * position);
    if (right !== undefined) pairs.set(right.hash, 64 * position + 32);
  }
  const hashes = hashPairs(pairs);
  for (const [position, index] of open.entries()) {
    const hash = hashes.subarray(32 * position, 32 * position + 32);
    above[index / 2] = { hash, leaf: undefined };
  }
  return above;
}
