/**
 * Decides `text-1`, the embedding of text that everybody computes alike: 128 int8 numbers from
 * signed hashes of words and of groups of three bytes. Made of the bytes of UTF-8 alone, with A–Z
 * taken as a–z and nothing else folded: what Unicode calls lower case, or the same letter, changes
 * with its version, and two machines would disagree.
 *
 * 1. Bytes 0x41..0x5a become 0x61..0x7a. A word is a longest run of bytes 0x30..0x39, 0x61..0x7a,
 *    0x80..0xff; all else separates.
 * 2. A word w gives the feature (1, w) with weight 2, and for each three adjacent bytes g of
 *    0x20 ‖ w ‖ 0x20 the feature (2, g) with weight 1.
 * 3. h of a feature (kind, bytes): FNV-1a over kind ‖ bytes in 32 bits, then h ^= h >> 16,
 *    h *= 0x85ebca6b, h ^= h >> 13, h *= 0xc2b2ae35, h ^= h >> 16 (the finish of MurmurHash3, since
 *    the low bits of FNV-1a mix little).
 * 4. Number h & 127 gains the weight, or loses it where bit 31 of h is set.
 * 5. norm = ⌊√Σ x²⌋. Each number becomes sign(x) · min(127, ⌊(2·|x|·384 + norm) / (2·norm)⌋), so
 *    texts of any length compare by direction. A text without words gives zeros.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { EMBEDDED_TEXT_BYTES_MAX } from "./limits.ts";

/** Numbers of a `text-1` embedding. */
export const TEXT_EMBEDDING_DIMENSION = 128;

/** Length of a vector before clamping: short texts use the whole range, long ones a third. */
const SCALE = 384;
const LARGEST = 127;

const KIND_WORD = 1;
const KIND_GROUP = 2;
const WORD_WEIGHT = 2;
const GROUP_WEIGHT = 1;
const GROUP_BYTES = 3;
const SPACE = 0x20;

/**
 * The `text-1` embedding of a text. A lone surrogate counts as U+FFFD, as UTF-8 has it.
 * @returns  shape [128]
 * @rejects  LEDGER_TEXT_SIZE above 65,536 bytes
 */
export function textEmbedding(text: string): Outcome<Int8Array> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > EMBEDDED_TEXT_BYTES_MAX) {
    return reject("LEDGER_TEXT_SIZE", { bytes: bytes.length, bytesMax: EMBEDDED_TEXT_BYTES_MAX });
  }
  const sums = new Int32Array(TEXT_EMBEDDING_DIMENSION);
  for (const word of wordsOf(bytes)) {
    addFeature(sums, KIND_WORD, word.subarray(1, word.length - 1), WORD_WEIGHT);
    for (let at = 0; at + GROUP_BYTES <= word.length; at += 1) {
      addFeature(sums, KIND_GROUP, word.subarray(at, at + GROUP_BYTES), GROUP_WEIGHT);
    }
  }
  return accept(scaled(sums));
}

/** The words, each with a space before and after it. */
function wordsOf(bytes: Uint8Array): Uint8Array[] {
  const words: Uint8Array[] = [];
  let word: number[] = [SPACE];
  const end = (): void => {
    if (word.length > 1) words.push(Uint8Array.from([...word, SPACE]));
    word = [SPACE];
  };
  for (const byte of bytes) {
    const folded = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    const digit = folded >= 0x30 && folded <= 0x39;
    const letter = folded >= 0x61 && folded <= 0x7a;
    if (digit || letter || folded >= 0x80) word.push(folded);
    else end();
  }
  end();
  return words;
}

function addFeature(sums: Int32Array, kind: number, bytes: Uint8Array, weight: number): void {
  const hash = featureHash(kind, bytes);
  const at = hash & (TEXT_EMBEDDING_DIMENSION - 1);
  sums[at] += hash >>> 31 === 1 ? -weight : weight;
}

function featureHash(kind: number, bytes: Uint8Array): number {
  let hash = Math.imul(0x811c9dc5 ^ kind, 0x01000193);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** At most 65,536 bytes give sums below 2^18 and squares below 2^43: all exact in a double. */
function scaled(sums: Int32Array): Int8Array {
  const scaledTo = new Int8Array(sums.length);
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  const norm = Math.floor(Math.sqrt(squares));
  if (norm === 0) return scaledTo;
  for (const [at, sum] of sums.entries()) {
    const size = Math.floor((2 * Math.abs(sum) * SCALE + norm) / (2 * norm));
    scaledTo[at] = (sum < 0 ? -1 : 1) * Math.min(LARGEST, size);
  }
  return scaledTo;
}
