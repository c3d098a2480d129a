/** Decides what an import hands over: the blob of the data set and what people are told of it. */

import { basename } from "node:path";
import { formatCount, formatNumberOf } from "../../contract/index.ts";
import { encodedSampleBytes } from "../../engine/index.ts";
import { packDataset } from "../../learning/index.ts";
import type { DatasetHeader } from "../../learning/index.ts";
import type { Split } from "./hold-out.ts";
import { shownText } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";
import type { TextOptions } from "./text-options.ts";

/** How a column of a table was standardised: (value − mean) / deviation, 0 where that is 0. */
export interface ImportedColumn {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** How a text was cut, and what its hold-out weighs. */
export interface ImportedText extends TextOptions {
  /** Bytes of UTF-8 that the held-out tokens stand for: a loss is told by the byte as well. */
  readonly holdoutBytes: number;
}

/** A user's own data, ready to be trained on. */
export interface ImportedData {
  readonly header: DatasetHeader;
  /** The data set blob: header, training samples, held-out samples. */
  readonly blob: Uint8Array;
  readonly kind: "images" | "table" | "text";
  /** The name of each class, by its label in the blob; none of a text. */
  readonly classNames: readonly string[];
  readonly trainCount: number;
  readonly holdoutCount: number;
  /** Of a table: what a new row must go through before the model can read it. */
  readonly columns: readonly ImportedColumn[];
  /** Of a text in characters or pieces of words: what each token stands for (`TextPieces`). */
  readonly vocabulary: readonly number[];
  /** Of a text; null otherwise. */
  readonly text: ImportedText | null;
  /** One line for people: what was found and how it was split. */
  readonly note: string;
}

/** How an import is asked for. */
export interface ImportOptions {
  /** "every-tenth" splits the training files even where a hold-out is given. */
  readonly holdout?: "every-tenth";
  /** How a text is cut; absent where nothing is said. A folder's text files are then meant. */
  readonly text?: TextOptions;
  /** What a model's tokens stand for, to cut a text as that model reads; not of bytes. */
  readonly vocabulary?: readonly number[];
  /** Hears how much is read, from 0 to 1, at most a hundred times. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The shape of a sample: encoding 0 is u8 features, encoding 1 is little-endian f32 features; a
 * table's row is 1 × columns × 1. Encodings 2 and 3 are tokens of one or two bytes,
 * 1 × context × 1.
 */
export interface SampleShape {
  readonly encoding: 0 | 1 | 2 | 3;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const NAME_BYTES_MAX = 64;
const LICENCE_NOTE = "Imported from its owner's files; no licence is stated.";

/** Bytes of one sample: its features and the label, or one token more. */
export function sampleBytesOf({ encoding, height, width, channels }: SampleShape): number {
  return encodedSampleBytes(encoding, height * width * channels);
}

/**
 * Room for all samples, zeroed.
 * @rejects DATA_IMPORT_TOO_LARGE above the limit or the memory of this machine
 */
export function samplesRoom(count: number, shape: SampleShape, bytesMax: number): Uint8Array {
  const bytes = count * sampleBytesOf(shape);
  checkLimit("decoded bytes", bytes, bytesMax, { samples: count });
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    stop("DATA_IMPORT_TOO_LARGE", { limit: "memory of this machine", found: bytes });
  }
}

/** What all kinds of data hand over. */
export interface Finished {
  readonly path: string;
  readonly kind: ImportedData["kind"];
  readonly shape: SampleShape;
  /** Samples at their places. */
  readonly samples: Uint8Array;
  readonly split: Split;
  readonly classNames: readonly string[];
  /** Of a text, which has no names for them. */
  readonly classes?: number;
  readonly columns?: readonly ImportedColumn[];
  readonly vocabulary?: readonly number[];
  readonly text?: ImportedText;
  /** Words for what was found; absent where shape and classes say it. */
  readonly what?: string;
  /** Words for what was given as hold-out; absent where every tenth is held out. */
  readonly given?: string;
  /** Further words for the note. */
  readonly remarks?: readonly string[];
}

/** Puts header, blob and note together. */
export function finishImport(finished: Finished): ImportedData {
  const { kind, shape, samples, split, classNames } = finished;
  const { trainCount, holdoutCount } = split;
  const header = {
    version: 1,
    ...shape,
    classes: finished.classes ?? classNames.length,
    sampleCount: trainCount + holdoutCount,
    trainFirst: 0,
    trainCount,
    holdoutFirst: trainCount,
    holdoutCount,
    name: datasetName(finished.path),
    licenceNote: LICENCE_NOTE,
  };
  return {
    header,
    blob: packDataset(header, samples),
    kind,
    classNames,
    trainCount,
    holdoutCount,
    columns: finished.columns ?? [],
    vocabulary: finished.vocabulary ?? [],
    text: finished.text ?? null,
    note: noteOf(finished),
  };
}

function noteOf(finished: Finished): string {
  const { kind, split, given, remarks = [] } = finished;
  const tenth = kind === "text" ? "every tenth block" : "every tenth of each class";
  const held =
    given === undefined
      ? `${tenth} held out (${formatCount(split.holdoutCount)})`
      : `hold-out given by ${given} (${formatCount(split.holdoutCount)})`;
  return [finished.what ?? foundWords(finished), held, ...remarks].join("; ");
}

function foundWords({ kind, shape, split, classNames }: Finished): string {
  const count = split.trainCount + split.holdoutCount;
  const { width, height, channels } = shape;
  const images = `${formatNumberOf(count, "image", "images")} ${width}×${height}`;
  const rows = `${formatNumberOf(count, "row", "rows")} of`;
  const what =
    kind === "images"
      ? `${images} ${channels === 1 ? "grey" : "colour"}`
      : `${rows} ${formatNumberOf(width, "number", "numbers")}`;
  return `${what}, ${formatNumberOf(classNames.length, "class", "classes")}`;
}

/** The last part of the path, within the bytes that a header has for it. */
function datasetName(path: string): string {
  let name = shownText(basename(path), NAME_BYTES_MAX) || "data";
  while (Buffer.byteLength(name) > NAME_BYTES_MAX) name = name.slice(0, -1).toWellFormed();
  return name;
}

/** Calls `onProgress` when a further hundredth is read. */
export function progressSteps(onProgress: ImportOptions["onProgress"]): (fraction: number) => void {
  let told = -1;
  return (fraction) => {
    const hundredths = Math.floor(fraction * 100);
    if (onProgress === undefined || hundredths <= told) return;
    told = hundredths;
    onProgress(hundredths / 100);
  };
}
