/**
 * Decides how a tensor's block tree is hashed: in one call of the native addon, two blocks at a
 * time by the processor's SHA instructions. Where the addon, its call or the instructions are
 * missing, or an answer to a fixed question is wrong, the asker hashes block after block.
 */

import { bytesEqual } from "../../contract/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { blockTreeRoot } from "../../engine/index.ts";
import { loadAddonFile } from "./addon-file.ts";

/** Root of a row-major matrix of so many columns; undefined where there is no fast way. */
export type BlockTreeHashing = (values: Float32Array, columns: number) => Uint8Array | undefined;

/** What this room uses of the addon; an older one lacks it. */
export interface BlockTreeBinding {
  readonly blockTreeRoot?: BlockTreeHashing;
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
    const hashing = load().blockTreeRoot;
    return hashing !== undefined && answersRight(hasher, hashing) ? hashing : noFastWay;
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
