/** Decides what an import hands over: the blob of the data set and what people are told of it. */

import { basename } from "node:path";
import { formatCount, formatNumberOf } from "../../contract/index.ts";
import { packDataset } from "../../learning/index.ts";
import type { DatasetHeader } from "../../learning/index.ts";
import type { Split } from "./hold-out.ts";
import { shownText } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";

/** How a column of a table was standardised: (value − mean) / deviation, 0 where that is 0. */
export interface ImportedColumn {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** A user's own data, ready to be trained on. */
export interface ImportedData {
  readonly header: DatasetHeader;
  /** The data set blob: header, training samples, held-out samples. */
  readonly blob: Uint8Array;
  readonly kind: "images" | "table";
  /** The name of each class, by its label in the blob. */
  readonly classNames: readonly string[];
  readonly trainCount: number;
  readonly holdoutCount: number;
  /** Of a table: what a new row must go through before the model can read it. */
  readonly columns: readonly ImportedColumn[];
  /** One line for people: what was found and how it was split. */
  readonly note: string;
}

/** How an import is asked for. */
export interface ImportOptions {
  /** "every-tenth" splits the training files even where a hold-out is given. */
  readonly holdout?: "every-tenth";
  /** Hears how much is read, from 0 to 1, at most a hundred times. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The shape of a sample: encoding 0 is u8 features, encoding 1 is little-endian f32 features; a
 * table's row is 1 × columns × 1.
 */
export interface SampleShape {
  readonly encoding: 0 | 1;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const FEATURE_BYTES = [1, 4] as const;
const NAME_BYTES_MAX = 64;
const LICENCE_NOTE = "Imported from its owner's files; no licence is stated.";

/** Bytes of one sample: its features and the label. */
export function sampleBytesOf({ encoding, height, width, channels }: SampleShape): number {
  return height * width * channels * FEATURE_BYTES[encoding] + 1;
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
  readonly columns?: readonly ImportedColumn[];
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
    classes: classNames.length,
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
    note: noteOf(finished),
  };
}

function noteOf({ kind, shape, split, classNames, given, remarks = [] }: Finished): string {
  const count = split.trainCount + split.holdoutCount;
  const { width, height, channels } = shape;
  const images = `${formatNumberOf(count, "image", "images")} ${width}×${height}`;
  const rows = `${formatNumberOf(count, "row", "rows")} of`;
  const what =
    kind === "images"
      ? `${images} ${channels === 1 ? "grey" : "colour"}`
      : `${rows} ${formatNumberOf(width, "number", "numbers")}`;
  const held =
    given === undefined
      ? `every tenth of each class held out (${formatCount(split.holdoutCount)})`
      : `hold-out given by ${given} (${formatCount(split.holdoutCount)})`;
  const classes = formatNumberOf(classNames.length, "class", "classes");
  return [`${what}, ${classes}`, held, ...remarks].join("; ");
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
