/**
 * Decides how the leaves and nodes of a record tree are hashed: many in one call of the native
 * addon, two at a time by the processor's SHA instructions. Where the addon, its calls or the
 * instructions are missing, or an answer to a fixed question is wrong, the asker hashes one by one.
 */

import { bytesEqual, concatBytes } from "../../contract/index.ts";
import { DIGEST_BYTES, leafHash, nodeHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { loadAddonFile } from "./addon-file.ts";

/** Hashing in batches as `Hasher` has it. */
export type RecordTreeHashing = Required<Pick<Hasher, "leafHashes" | "nodeHashes" | "foldNodes">>;

/** What this file uses of the addon; an older one lacks it. */
export interface RecordTreeBinding {
  /** Fills the digests of joined leaves with u32 lengths; false where this machine cannot. */
  readonly leafHashes?: (leaves: Uint8Array, lengths: Uint8Array, digests: Uint8Array) => boolean;
  readonly nodeHashes?: (pairs: Uint8Array, digests: Uint8Array) => boolean;
  /** Fills the nodes above the hashes that a tree's nodes begin with; likewise. */
  readonly foldNodes?: (nodes: Uint8Array) => boolean;
}

const noFastWay: RecordTreeHashing = {
  leafHashes: () => undefined,
  nodeHashes: () => undefined,
  foldNodes: () => false,
};

/** Leaves of the trees asked about. */
const FOLDED_LEAVES: readonly number[] = [1, 2, 4, 8];

/** Lengths asked about: none, both sides of one, two and three blocks, unequal neighbours. */
const QUESTIONS: readonly number[] = [
  0, 1, 53, 54, 55, 56, 64, 118, 119, 120, 300, 300, 301, 4_096,
];

/**
 * The fastest way that is right on this machine.
 * @param hasher  the definition's hash, which answers the questions too
 * @param load    gives the binding or throws; another one in tests
 */
export function chooseRecordTree(
  hasher: Hasher,
  load: () => RecordTreeBinding = loadAddonFile<RecordTreeBinding>,
): RecordTreeHashing {
  try {
    const { leafHashes, nodeHashes, foldNodes } = load();
    if (leafHashes === undefined || nodeHashes === undefined || foldNodes === undefined) {
      return noFastWay;
    }
    const hashing: RecordTreeHashing = {
      leafHashes(leaves) {
        const lengths = new Uint32Array(leaves.length);
        for (let index = 0; index < leaves.length; index += 1)
          lengths[index] = leaves[index].length;
        const digests = new Uint8Array(DIGEST_BYTES * leaves.length);
        const bytes = new Uint8Array(lengths.buffer);
        return leafHashes(joined(leaves), bytes, digests) ? digests : undefined;
      },
      nodeHashes(pairs) {
        const digests = new Uint8Array(pairs.length / 2);
        return nodeHashes(pairs, digests) ? digests : undefined;
      },
      foldNodes,
    };
    return answersRight(hasher, hashing) ? hashing : noFastWay;
  } catch {
    return noFastWay;
  }
}

/** `concatBytes` without its spread: a commit has more records than a call takes arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function answersRight(hasher: Hasher, hashing: RecordTreeHashing): boolean {
  const { leafHashes, nodeHashes, foldNodes } = hashing;
  const leaves = QUESTIONS.map((length) => {
    return Uint8Array.from({ length }, (_, at) => (at * 151 + length) % 256);
  });
  const plain = leaves.map((leaf) => leafHash(hasher, leaf));
  const hashed = leafHashes(leaves);
  if (hashed === undefined || !bytesEqual(hashed, joined(plain))) return false;
  for (const pairs of [1, 2, 3, plain.length / 2]) {
    const nodes = nodeHashes(joined(plain.slice(0, 2 * pairs)));
    const expected = Array.from({ length: pairs }, (_, at) =>
      nodeHash(hasher, plain[2 * at], plain[2 * at + 1]),
    );
    if (nodes === undefined || !bytesEqual(nodes, concatBytes(...expected))) return false;
  }
  return FOLDED_LEAVES.every((count) => {
    const nodes = plain.slice(0, count);
    for (let at = 0; nodes.length < 2 * count - 1; at += 2) {
      nodes.push(nodeHash(hasher, nodes[at], nodes[at + 1]));
    }
    const folded = new Uint8Array(DIGEST_BYTES * nodes.length);
    folded.set(joined(plain.slice(0, count)));
    return foldNodes(folded) && bytesEqual(folded, joined(nodes));
  });
}
