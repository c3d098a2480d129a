/**
 * Decides how a text becomes a data set: one row of tokens, cut into blocks of as many as a model
 * reads, each with the token after it. A block's last token is the next one's first, so each token
 * but the first is foretold once; what does not fill a block is left out. Every tenth block is held
 * out.
 */

import { formatCount, formatNumberOf } from "../../contract/index.ts";
import { everyTenth } from "./hold-out.ts";
import { finishImport, progressSteps, sampleBytesOf, samplesRoom } from "./imported-data.ts";
import type { ImportedData, ImportOptions, SampleShape } from "./imported-data.ts";
import type { ImportLimits } from "./limits.ts";
import { shownBytes } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";
import { readText } from "./text-files.ts";
import { TEXT_OPTIONS } from "./text-options.ts";
import type { TextPieces, TextTokens } from "./text-options.ts";
import { knownPieces, textPieces } from "./text-pieces.ts";

/** Numbers up to here are one byte each. */
const BYTE_KINDS = 256;

/** Where every token is the same, there is nothing to foretell. */
const KINDS_MIN = 2;

/** One block to learn from and one to be judged by. */
const BLOCKS_MIN = 2;

/** What an import of text needs. */
export interface TextImport {
  /** What the user gave, for the data set's name. */
  readonly path: string;
  /** Files in their order. */
  readonly files: readonly Buffer[];
  /** Words for the note on what was passed over. */
  readonly remarks?: readonly string[];
}

/**
 * Imports text.
 * @rejects DATA_IMPORT_TEXT_ENCODING, _TEXT_SYMBOLS, _TEXT_UNKNOWN, _TEXT_SHORT, _ONE_CLASS,
 *          _TOO_LARGE, _NO_SAMPLES, _UNREADABLE, _CORRUPT with the file
 */
export async function importText(
  { path, files, remarks = [] }: TextImport,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const { tokens: kind, context } = options.text ?? TEXT_OPTIONS;
  const bytes = await readText(files, limits, progressSteps(options.onProgress));
  const file = shownBytes(files[0]);
  if (bytes.length === 0) stop("DATA_IMPORT_NO_SAMPLES", { file });
  const pieces = await cutText(bytes, file, options, limits);
  if (pieces.kinds < KINDS_MIN) stop("DATA_IMPORT_ONE_CLASS", { file, tokens: kind });
  const count = Math.floor((pieces.tokens.length - 1) / context);
  if (count < BLOCKS_MIN) {
    const facts = { file, tokens: pieces.tokens.length, least: BLOCKS_MIN * context + 1 };
    stop("DATA_IMPORT_TEXT_SHORT", { ...facts, context });
  }
  checkLimit("samples", count, limits.samples, { file, context });
  const encoding = pieces.kinds <= BYTE_KINDS ? 2 : 3;
  const shape: SampleShape = { encoding, height: 1, width: context, channels: 1 };
  const split = everyTenth(new Uint8Array(count), ["text"], () => ({ file }));
  const samples = samplesRoom(count, shape, limits.bytes);
  const sampleBytes = sampleBytesOf(shape);
  let holdoutBytes = 0;
  for (let block = 0; block < count; block += 1) {
    const place = split.places[block];
    const row = pieces.tokens.subarray(block * context, (block + 1) * context + 1);
    writeTokens(samples.subarray(place * sampleBytes, (place + 1) * sampleBytes), row, encoding);
    if (place >= split.trainCount) holdoutBytes += foretoldBytes(row, pieces);
  }
  const many = files.length > 1 ? ` in ${formatCount(files.length)} files` : "";
  const length = formatNumberOf(bytes.length, "byte", "bytes");
  return finishImport({
    path,
    kind: "text",
    shape,
    samples,
    split,
    classNames: [],
    classes: pieces.kinds,
    vocabulary: pieces.vocabulary,
    text: { tokens: kind, context, holdoutBytes },
    what: `${length} of text${many}, ${tokensWords(pieces, kind)}, blocks of ${context}`,
    remarks,
  });
}

/** In tokens of its own, or of a model that is to read it. */
async function cutText(
  bytes: Uint8Array,
  file: string,
  { text, vocabulary = [] }: ImportOptions,
  limits: ImportLimits,
): Promise<TextPieces> {
  const { tokens } = text ?? TEXT_OPTIONS;
  if (tokens === "bytes" || vocabulary.length === 0) return textPieces(bytes, tokens, limits);
  const known = await knownPieces(bytes, tokens, vocabulary);
  return known ?? stop("DATA_IMPORT_TEXT_UNKNOWN", { file });
}

/** Tokens as a sample holds them: bytes, or two each, little-endian. */
function writeTokens(sample: Uint8Array, tokens: Uint16Array, encoding: 2 | 3): void {
  if (encoding === 2) sample.set(tokens);
  else {
    for (const [at, token] of tokens.entries()) {
      sample[2 * at] = token & 0xff;
      sample[2 * at + 1] = token >> 8;
    }
  }
}

/** Bytes of all tokens of a block but its first, which nothing foretells. */
function foretoldBytes(tokens: Uint16Array, { byteLengths }: TextPieces): number {
  let bytes = 0;
  for (let at = 1; at < tokens.length; at += 1) bytes += byteLengths[tokens[at]];
  return bytes;
}

function tokensWords({ tokens, kinds }: TextPieces, kind: TextTokens): string {
  if (kind === "bytes") return "each a token";
  const count = formatNumberOf(tokens.length, "token", "tokens");
  const what = kind === "gpt" ? "pieces of words" : "characters";
  return `${count} of ${formatCount(kinds)} ${what}`;
}
