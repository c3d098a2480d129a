/**
 * Decides how the state map hashes many inner nodes at once: `@chainsafe/hashtree`, which runs
 * several SHA-256 side by side in vector registers. Where the package has no binary for the
 * machine, or its answer to a fixed question is wrong, Node's hash does the same one by one.
 */

import { createRequire } from "node:module";
import { bytesEqual, invariant } from "../../contract/index.ts";
import type { HashPairs } from "../../ledger/index.ts";
import { nativeSha256 } from "./sha256.ts";
import { chooseStateMap } from "./state-map.ts";

/** N blocks of 64 bytes in, N SHA-256 digests of 32 bytes out, in order. */
export type PairHashing = (pairs: Uint8Array) => Uint8Array;

const PAIR_BYTES = 64;
const HASH_BYTES = 32;

/** One digest after another; equal bytes, any machine. */
export const hashPairsOneByOne: PairHashing = (pairs) => {
  invariant(pairs.length % PAIR_BYTES === 0, "pairs are whole blocks of 64 bytes");
  const hashes = new Uint8Array(pairs.length / 2);
  for (let at = 0; at < pairs.length; at += PAIR_BYTES) {
    hashes.set(nativeSha256(pairs.subarray(at, at + PAIR_BYTES)), at / 2);
  }
  return hashes;
};

/** What this room uses of the package. */
export interface BatchBinding {
  hashInto(input: Uint8Array, output: Uint8Array): void;
}

/** Loads the package's binary; throws where there is none. */
function loadHashtree(): BatchBinding {
  return createRequire(import.meta.url)("@chainsafe/hashtree") as BatchBinding;
}

/** The fastest hashing of the state map that is right on this machine. */
export function chooseMapHashing(): HashPairs {
  const pairs = chooseHashPairs();
  const plain: HashPairs = (bytes) => pairs(bytes);
  return Object.assign(plain, chooseStateMap(nativeSha256, pairs));
}

/**
 * The fastest pair hashing that is right on this machine.
 * @param load  gives the binding or throws; another one in tests
 */
export function chooseHashPairs(load: () => BatchBinding = loadHashtree): PairHashing {
  let binding: BatchBinding;
  try {
    binding = load();
  } catch {
    return hashPairsOneByOne;
  }
  const batched: PairHashing = (pairs) => {
    invariant(pairs.length % PAIR_BYTES === 0, "pairs are whole blocks of 64 bytes");
    const hashes = new Uint8Array(pairs.length / 2);
    if (pairs.length > 0) binding.hashInto(pairs, hashes);
    return hashes;
  };
  return answersRight(batched) ? batched : hashPairsOneByOne;
}

/** Compares batches of 1 to 33 blocks, which reach every width of the vector code. */
function answersRight(hashing: PairHashing): boolean {
  const question = new Uint8Array(33 * PAIR_BYTES);
  for (let index = 0; index < question.length; index += 1) question[index] = (index * 151) % 251;
  const expected = hashPairsOneByOne(question);
  for (let count = 1; count <= 33; count += 1) {
    const answer = hashing(question.subarray(0, count * PAIR_BYTES));
    if (!bytesEqual(answer, expected.subarray(0, count * HASH_BYTES))) return false;
  }
  return true;
}
