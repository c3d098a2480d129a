/**
 * Decides how a text becomes GPT's pieces of words: `o200k_base` of npm gpt-tokenizer, 199,998
 * pieces made of bytes. A small model cannot hold so many, so it gets those that the text has; of
 * more than the limit the most frequent and all single bytes stay, and a rarer piece is spelled in
 * the longest kept pieces from its left. Nothing in a text is a command: `<|endoftext|>` is
 * letters.
 */

import type { TextPieces, TextTable } from "./text-options.ts";

/** Single bytes are always kept where pieces are left out: they spell everything. */
const SINGLE_BYTES = 256;

/** Longest and shortest stretch cut at once: the merging of one word grows by its square. */
const STRETCH_MOST = 4_096;
const STRETCH_LEAST = 2_048;

const SPACE = /\s/u;

const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** The encoder and its pieces as bytes, one character each. */
async function openPieces() {
  // Loaded only here: its tables take a tenth of a second and 60 MB.
  const { encode } = await import("gpt-tokenizer/encoding/o200k_base");
  const { default: ranks } = await import("gpt-tokenizer/bpeRanks/o200k_base");
  const bytesOf: BytesOf = (piece) => Buffer.from(ranks[piece] ?? []).toString("latin1");
  return { cut: (text: string) => encode(text, PLAIN), bytesOf };
}

type BytesOf = (piece: number) => string;

/** The pieces of a text; `most` of them at most, and at least 256. */
export async function gptPieces(text: string, most: number): Promise<TextPieces> {
  const { cut, bytesOf } = await openPieces();
  const whole = [...stretches(text)].map(cut);
  const counts = countsOf(whole);
  const spelled = counts.size > most ? spelling(keptPieces(counts, most), bytesOf) : null;
  const parts =
    spelled === null ? whole : whole.map((pieces) => pieces.flatMap((one) => spelled(one) ?? []));
  const used = new Set<number>();
  for (const pieces of parts) for (const piece of pieces) used.add(piece);
  const vocabulary = [...used].sort((one, other) => one - other);
  const numbers = new Map(vocabulary.map((piece, number) => [piece, number]));
  const tokens = new Uint16Array(parts.reduce((sum, pieces) => sum + pieces.length, 0));
  let at = 0;
  for (const pieces of parts) {
    for (const piece of pieces) {
      tokens[at] = numbers.get(piece) ?? 0;
      at += 1;
    }
  }
  const byteLengths = Uint16Array.from(vocabulary, (piece) => bytesOf(piece).length);
  return { tokens, kinds: vocabulary.length, vocabulary, byteLengths };
}

/** Reads and writes text in the pieces that a model was trained on. */
export async function gptTable(vocabulary: readonly number[]): Promise<TextTable> {
  const { cut, bytesOf } = await openPieces();
  const numbers = new Map(vocabulary.map((piece, number) => [piece, number]));
  const spelled = spelling(vocabulary, bytesOf);
  return {
    encode: (text) => {
      const parts = [...stretches(text)].flatMap(cut).map(spelled);
      if (parts.includes(undefined)) return undefined;
      return parts.flatMap((pieces) => (pieces ?? []).map((piece) => numbers.get(piece) ?? 0));
    },
    decode: (token) => Buffer.from(bytesOf(vocabulary[token]), "latin1"),
  };
}

/** The text in stretches of up to 4,096 units: to the last word's beginning, if that is late. */
function* stretches(text: string): Generator<string> {
  let first = 0;
  while (text.length - first > STRETCH_MOST) {
    const window = text.slice(first, first + STRETCH_MOST);
    let length = STRETCH_MOST - 2;
    while (length >= STRETCH_LEAST && !isBeginning(window, length)) length -= 1;
    if (length < STRETCH_LEAST) length = STRETCH_MOST;
    // The two halves of one character stay together.
    const unit = window.charCodeAt(length - 1);
    if (unit >= 0xd800 && unit <= 0xdbff) length -= 1;
    yield text.slice(first, first + length);
    first += length;
  }
  yield text.slice(first);
}

/** Where a line or a word begins: no piece reaches over it, but for a line that begins with "/". */
function isBeginning(text: string, at: number): boolean {
  const isLine = text[at - 1] === "\n" && !SPACE.test(text[at]);
  return isLine || (text[at] === " " && !SPACE.test(text[at - 1]) && !SPACE.test(text[at + 1]));
}

function countsOf(parts: readonly (readonly number[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const pieces of parts) {
    for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  return counts;
}

/** All single bytes, and the most frequent of the others; equally frequent: the lower number. */
function keptPieces(counts: ReadonlyMap<number, number>, most: number): readonly number[] {
  const byByte = Array.from({ length: SINGLE_BYTES }, (_, piece) => piece);
  const frequent = [...counts]
    .filter(([piece]) => piece >= SINGLE_BYTES)
    .sort(([one, ones], [other, others]) => others - ones || one - other)
    .slice(0, most - SINGLE_BYTES)
    .map(([piece]) => piece);
  return [...byByte, ...frequent];
}

/** How each piece is written in kept ones; undefined where they cannot write it. */
function spelling(
  keptOnes: readonly number[],
  bytesOf: BytesOf,
): (piece: number) => readonly number[] | undefined {
  const kept = new Map(keptOnes.map((piece) => [bytesOf(piece), piece]));
  const longest = Math.max(...[...kept.keys()].map((bytes) => bytes.length));
  const known = new Map<number, readonly number[] | undefined>(keptOnes.map((one) => [one, [one]]));
  const spell = (bytes: string): readonly number[] | undefined => {
    const parts: number[] = [];
    for (let at = 0; at < bytes.length;) {
      let length = Math.min(longest, bytes.length - at);
      while (length > 0 && !kept.has(bytes.slice(at, at + length))) length -= 1;
      if (length === 0) return undefined;
      parts.push(kept.get(bytes.slice(at, at + length)) ?? 0);
      at += length;
    }
    return parts;
  };
  return (piece) => {
    if (!known.has(piece)) known.set(piece, spell(bytesOf(piece)));
    return known.get(piece);
  };
}
