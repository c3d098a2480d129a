/**
 * Decides how a text becomes tokens: its bytes; its characters, numbered in the order of their code
 * points; or GPT's pieces of words. A byte is never left out: every choice gives the text back.
 */

import { gptPieces, gptTable } from "./gpt-pieces.ts";
import type { ImportLimits } from "./limits.ts";
import { stop } from "./stop.ts";
import type { TextPieces, TextTable, TextTokens } from "./text-options.ts";

/** Bytes are 256 kinds, whichever of them a text has: a model then reads every text. */
const BYTES = 256;

/**
 * Cuts a text into tokens.
 * @param bytes  UTF-8
 * @rejects DATA_IMPORT_TEXT_SYMBOLS for more different characters than the limit
 */
export async function textPieces(
  bytes: Uint8Array,
  tokens: TextTokens,
  limits: ImportLimits,
): Promise<TextPieces> {
  switch (tokens) {
    case "bytes": {
      const byteLengths = new Uint8Array(BYTES).fill(1);
      return { tokens: Uint16Array.from(bytes), kinds: BYTES, vocabulary: [], byteLengths };
    }
    case "characters":
      return characterPieces(new TextDecoder().decode(bytes), limits.characters);
    case "gpt":
      return gptPieces(new TextDecoder().decode(bytes), limits.gptTokens);
  }
}

/** A text in the tokens of a model; undefined where these cannot write it. */
export async function knownPieces(
  bytes: Uint8Array,
  kind: TextTokens,
  vocabulary: readonly number[],
): Promise<TextPieces | undefined> {
  const table = await openTextTable(kind, vocabulary);
  const tokens = table.encode(new TextDecoder().decode(bytes));
  if (tokens === undefined) return undefined;
  const byteLengths = Uint16Array.from(vocabulary, (_, token) => table.decode(token).length);
  return { tokens: Uint16Array.from(tokens), kinds: vocabulary.length, vocabulary, byteLengths };
}

/**
 * Opens the table of a model's tokens.
 * @param vocabulary  what each token stands for, as the import of its text said
 */
export async function openTextTable(
  tokens: TextTokens,
  vocabulary: readonly number[],
): Promise<TextTable> {
  if (tokens === "gpt") return gptTable(vocabulary);
  if (tokens === "bytes") {
    return { encode: (text) => [...Buffer.from(text)], decode: (token) => Buffer.of(token) };
  }
  const numbers = new Map(vocabulary.map((point, number) => [point, number]));
  return {
    encode: (text) => {
      const found = Array.from(text, (character) => numbers.get(character.codePointAt(0) ?? 0));
      return found.every((number) => number !== undefined) ? found : undefined;
    },
    decode: (token) => Buffer.from(String.fromCodePoint(vocabulary[token])),
  };
}

function characterPieces(text: string, most: number): TextPieces {
  const seen = new Set<number>();
  let count = 0;
  for (const character of text) {
    seen.add(character.codePointAt(0) ?? 0);
    count += 1;
    if (seen.size > most) stop("DATA_IMPORT_TEXT_SYMBOLS", { most });
  }
  const vocabulary = [...seen].sort((one, other) => one - other);
  const numbers = new Map(vocabulary.map((point, number) => [point, number]));
  const tokens = new Uint16Array(count);
  let at = 0;
  for (const character of text) {
    tokens[at] = numbers.get(character.codePointAt(0) ?? 0) ?? 0;
    at += 1;
  }
  return {
    tokens,
    kinds: vocabulary.length,
    vocabulary,
    byteLengths: Uint8Array.from(vocabulary, utf8Length),
  };
}

/** Bytes of a code point. */
function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x1_0000 ? 3 : 4;
}
