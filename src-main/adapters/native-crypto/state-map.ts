/**
 * Decides how rows and pages of the state map are hashed: many in one call of the native addon, two
 * at a time by the processor's SHA instructions. Where the addon, its calls or the instructions are
 * missing, or an answer to a fixed question is wrong, the asker hashes pair by pair.
 */

import { bytesEqual } from "../../contract/index.ts";
import { DIGEST_BYTES } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { stateLeafHash, updateStateMap } from "../../ledger/index.ts";
import type { HashPairs } from "../../ledger/index.ts";
import { loadAddonFile } from "./addon-file.ts";

/** Hashing of the state map as `HashPairs` has it. */
export type StateMapHashing = Required<Pick<HashPairs, "mapLeaves" | "pageRoots">>;

/** What this file uses of the addon; an older one lacks it. */
export interface StateMapBinding {
  /** Fills the digests of rows: keys, then values with u32 lengths; false where it cannot. */
  readonly mapLeaves?: (rows: Uint8Array, lengths: Uint8Array, digests: Uint8Array) => boolean;
  /** Fills a kind and then a hash for each page with a u32 start; likewise. */
  readonly pageRoots?: (pages: Uint8Array, starts: Uint8Array, roots: Uint8Array) => boolean;
}

const noFastWay: StateMapHashing = { mapLeaves: () => undefined, pageRoots: () => undefined };

/** Rows asked about: enough for pages on three levels, and odd. */
const QUESTION_ROWS = 333;
/** Lengths of values asked about: none, both sides of one and two blocks, unequal neighbours. */
const QUESTION_LENGTHS: readonly number[] = [0, 1, 32, 32, 55, 56, 64, 119, 120, 300, 4_096];

/**
 * The fastest way that is right on this machine.
 * @param hasher  the definition's hash, which answers the questions too
 * @param pairs   hashes pairs, for the same
 * @param load    gives the binding or throws; another one in tests
 */
export function chooseStateMap(
  hasher: Hasher,
  pairs: HashPairs,
  load: () => StateMapBinding = loadAddonFile<StateMapBinding>,
): StateMapHashing {
  try {
    const { mapLeaves, pageRoots } = load();
    if (mapLeaves === undefined || pageRoots === undefined) return noFastWay;
    const hashing: StateMapHashing = {
      mapLeaves(keys, values) {
        const lengths = Uint32Array.from(values, (value) => value.length);
        const rows = joined(keys, values);
        const digests = new Uint8Array(DIGEST_BYTES * values.length);
        return mapLeaves(rows, bytesOf(lengths), digests) ? digests : undefined;
      },
      pageRoots(pages, starts) {
        const roots = new Uint8Array((1 + DIGEST_BYTES) * starts.length);
        if (!pageRoots(pages, bytesOf(starts), roots)) return undefined;
        const kinds = roots.subarray(0, starts.length);
        return { kinds, hashes: roots.subarray(starts.length) };
      },
    };
    return answersRight(hasher, pairs, hashing) ? hashing : noFastWay;
  } catch {
    return noFastWay;
  }
}

function bytesOf(numbers: Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function joined(keys: Uint8Array, values: readonly Uint8Array[]): Uint8Array {
  let size = keys.length;
  for (const value of values) size += value.length;
  const bytes = new Uint8Array(size);
  bytes.set(keys);
  let at = keys.length;
  for (const value of values) {
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

/** Asks for leaves alone, then for all pages of a map by the bytes and root that it gets. */
function answersRight(hasher: Hasher, pairs: HashPairs, hashing: StateMapHashing): boolean {
  const rows = Array.from({ length: QUESTION_ROWS }, (_, row) => {
    const length = QUESTION_LENGTHS[row % QUESTION_LENGTHS.length];
    const value = Uint8Array.from({ length }, (__, at) => (at * 151 + row) % 256);
    return { key: hasher(Uint8Array.of(row % 256, row >> 8)), value };
  });
  const keys = joined(
    new Uint8Array(0),
    rows.map(({ key }) => key),
  );
  const leaves = rows.map(({ key, value }) => stateLeafHash(hasher, key, hasher(value)));
  const values = rows.map(({ value }) => value);
  const answer = hashing.mapLeaves(keys, values);
  if (answer === undefined || !bytesEqual(answer, joined(new Uint8Array(0), leaves))) return false;
  const readPage = (): undefined => undefined;
  const plain: HashPairs = (bytes) => pairs(bytes);
  const fast: HashPairs = Object.assign((bytes: Uint8Array) => pairs(bytes), hashing);
  // One row alone, a page that is left with one leaf, and several levels.
  return [1, 2, 7, 65, QUESTION_ROWS].every((count) => {
    const some = rows.slice(0, count);
    const expected = updateStateMap({ hasher, hashPairs: plain, readPage }, some);
    const given = updateStateMap({ hasher, hashPairs: fast, readPage }, some);
    return (
      bytesEqual(given.root, expected.root) &&
      given.pages.every(({ bytes }, at) => {
        const other = expected.pages[at].bytes;
        return bytes !== undefined && other !== undefined && bytesEqual(bytes, other);
      })
    );
  });
}
