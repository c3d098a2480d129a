/**
 * Decides how a tensor's block tree is hashed: in one call of the native addon, two blocks at a
 * time by the processor's SHA instructions. Where the addon, its call or the instructions are
 * missing, or an answer to a fixed question is wrong, the asker hashes block after block.
 */

import { bytesEqual } from "../../contract/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { blockTreeRoot } from "../../engine/state/state-root.ts";
import { loadAddonFile } from "./addon-file.ts";

/** Root of a row-major matrix of so many columns; undefined where there is no fast way. */
export type BlockTreeHashing = (values: Float32Array, columns: number) => Uint8Array | undefined;

/** What this room uses of the addon; an older one lacks it. Threads: 1 to TREE_THREADS_MAX. */
export interface BlockTreeBinding {
  readonly blockTreeRoot?: (
    values: Float32Array,
    columns: number,
    threads: number,
  ) => Uint8Array | undefined;
}

/** Most threads one tree is hashed on (native/hash/block-tree.h). */
const TREE_THREADS_MAX = 8;

/** One, until a process that trains says how many its owner gives it. */
let threads = 1;

/** Lets large tensors be hashed on up to `count` threads of this process, at most eight. */
export function useTreeThreads(count: number): void {
  threads = Math.max(1, Math.min(TREE_THREADS_MAX, Math.trunc(count)));
}

const noFastWay: BlockTreeHashing = () => undefined;

/** Rows and columns asked about: one block, edges on each side, odd counts on every level. */
const QUESTIONS: readonly (readonly [number, number])[] = [
  [1, 1],
  [16, 16],
  [17, 16],
  [3, 35],
  [80, 10],
  [100, 17],
];

/**
 * The fastest way that is right on this machine.
 * @param hasher  the definition's hash, which answers the questions too
 * @param load    gives the binding or throws; another one in tests
 */
export function chooseBlockTree(
  hasher: Hasher,
  load: () => BlockTreeBinding = loadAddonFile<BlockTreeBinding>,
): BlockTreeHashing {
  try {
    const root = load().blockTreeRoot;
    if (root === undefined) return noFastWay;
    const hashing: BlockTreeHashing = (values, columns) => root(values, columns, threads);
    return answersRight(hasher, hashing) ? hashing : noFastWay;
  } catch {
    return noFastWay;
  }
}

function answersRight(hasher: Hasher, hashing: BlockTreeHashing): boolean {
  return QUESTIONS.every(([rows, columns]) => {
    const values = Float32Array.from(
      { length: rows * columns },
      (_, at) => ((at * 151) % 251) - 99,
    );
    const answer = hashing(values, columns);
    if (answer === undefined) return false;
    return bytesEqual(answer, blockTreeRoot(hasher, [rows, columns], values));
  });
}
