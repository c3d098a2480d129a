/**
 * Decides how a text becomes GPT's pieces of words: `o200k_base` of npm gpt-tokenizer, 199,998
 * pieces made of bytes. A small model cannot hold so many, so it gets those that the text has; of
 * more than the limit the most frequent and all single bytes stay, and a rarer piece is spelled in
 * the longest kept pieces from its left. Nothing in a text is a command: `<|endoftext|>` is
 * letters.
 */

import type { TextPieces } from "./text-options.ts";

/** Single bytes are always kept where pieces are left out: they spell everything. */
const SINGLE_BYTES = 256;

/** Longest and shortest stretch cut at once: the merging of one word grows by its square. */
const STRETCH_MOST = 4_096;
const STRETCH_LEAST = 2_048;

const SPACE = /\s/u;

const PLAIN = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/** The pieces of a text; `most` of them at most, and at least 256. */
export async function gptPieces(text: string, most: number): Promise<TextPieces> {
  // Loaded only here: its tables take a tenth of a second and 60 MB.
  const { encode } = await import("gpt-tokenizer/encoding/o200k_base");
  const { default: ranks } = await import("gpt-tokenizer/bpeRanks/o200k_base");
  const whole: number[][] = [];
  for (const stretch of stretches(text)) whole.push(encode(stretch, PLAIN));
  const counts = countsOf(whole);
  const bytesOf = (piece: number) => pieceBytes(ranks[piece]);
  const spelled = counts.size > most ? spelling(counts, most, bytesOf, ranks) : null;
  const parts = spelled === null ? whole : whole.map((pieces) => pieces.flatMap(spelled));
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

/** A piece as bytes, one character each. */
function pieceBytes(rank: string | readonly number[] | undefined): string {
  return Buffer.from(rank ?? []).toString("latin1");
}

/** How each piece is written in the kept ones. */
function spelling(
  counts: ReadonlyMap<number, number>,
  most: number,
  bytesOf: (piece: number) => string,
  ranks: readonly (string | readonly number[])[],
): (piece: number) => readonly number[] {
  const byByte = Array.from({ length: SINGLE_BYTES }, (_, piece) => piece);
  const frequent = [...counts]
    .filter(([piece]) => piece >= SINGLE_BYTES)
    .sort(([one, ones], [other, others]) => others - ones || one - other)
    .slice(0, most - SINGLE_BYTES)
    .map(([piece]) => piece);
  const kept = new Map([...byByte, ...frequent].map((piece) => [bytesOf(piece), piece]));
  const longest = Math.max(...[...kept.keys()].map((bytes) => bytes.length));
  const known = new Map<number, readonly number[]>([...kept.values()].map((one) => [one, [one]]));
  return (piece) => {
    const before = known.get(piece);
    if (before !== undefined) return before;
    const bytes = pieceBytes(ranks[piece]);
    const parts: number[] = [];
    for (let at = 0; at < bytes.length;) {
      let length = Math.min(longest, bytes.length - at);
      while (length > 1 && !kept.has(bytes.slice(at, at + length))) length -= 1;
      parts.push(kept.get(bytes.slice(at, at + length)) ?? 0);
      at += length;
    }
    known.set(piece, parts);
    return parts;
  };
}
