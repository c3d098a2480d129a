/**
 * Decides which files make up an IDX data set, by the names in use: `train-images-idx3-ubyte` and
 * `train-labels-idx1-ubyte`, with `t10k-` or `test-` for the hold-out, dots or dashes, a prefix
 * such as `emnist-letters-` and a trailing `.gz` as they come.
 */

import { byBytes } from "./path-bytes.ts";

/** The part of a data set that a file belongs to; "" where its name names none. */
export type IdxPart = "train" | "t10k" | "test" | "";

/** What an IDX file's name says. */
export interface IdxName {
  readonly name: string;
  /** What stands before part and kind; files of one data set share it. */
  readonly prefix: string;
  readonly part: IdxPart;
  readonly content: "images" | "labels";
  readonly packed: boolean;
}

const IDX_NAME = /^(.*?)(train|t10k|test)?[-_.]?(images|labels)[-_.]idx[0-9][-_.]ubyte(\.gz)?$/i;

/** What the name says, undefined for any other file. */
export function readIdxName(name: string): IdxName | undefined {
  const match = IDX_NAME.exec(name);
  if (match === null) return undefined;
  return {
    name,
    prefix: match[1],
    part: (match[2] ?? "").toLowerCase() as IdxPart,
    content: match[3].toLowerCase() as IdxName["content"],
    packed: match[4] !== undefined,
  };
}

/** The IDX files among names, unpacked ones first, then in byte order. */
export function idxNames(names: readonly string[]): IdxName[] {
  return names
    .map(readIdxName)
    .filter((found) => found !== undefined)
    .sort(
      (one, other) => Number(one.packed) - Number(other.packed) || byBytes(one.name, other.name),
    );
}

/** The file of one data set's part, the unpacked one where both are there. */
export function findIdx(
  files: readonly IdxName[],
  { prefix, part }: Pick<IdxName, "prefix" | "part">,
  content: IdxName["content"],
): IdxName | undefined {
  return files.find(
    (file) => file.prefix === prefix && file.part === part && file.content === content,
  );
}
