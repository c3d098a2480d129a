/**
 * Decides how IDX files become a data set. Labels are read first: they say how many samples there
 * are and where each one goes, so the images stream straight to their places.
 */

import { checkNumbered, numberedClasses } from "./class-numbers.ts";
import { everyTenth, givenHoldout } from "./hold-out.ts";
import { readIdx } from "./idx-file.ts";
import { findIdx } from "./idx-names.ts";
import type { IdxName } from "./idx-names.ts";
import { finishImport, progressSteps, sampleBytesOf, samplesRoom } from "./imported-data.ts";
import type { ImportedData, ImportOptions, SampleShape } from "./imported-data.ts";
import type { ImportLimits } from "./limits.ts";
import { entryPath, shownBytes } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";

const IMAGE_RANKS = [3, 4];
const LABEL_RANKS = [1];

/** The two files of one part of a data set. */
interface IdxPair {
  readonly images: Buffer;
  readonly labels: Buffer;
}

/** What an import of IDX files needs. */
export interface IdxImport {
  /** What the user gave, for the data set's name. */
  readonly path: string;
  readonly folder: Buffer;
  /** The IDX files of the folder, as `idxNames` lists them. */
  readonly files: readonly IdxName[];
  /** The file that the user gave; absent where it was the folder. */
  readonly chosen?: IdxName;
}

/**
 * Imports IDX files.
 * @rejects DATA_IMPORT_MISSING (a pair's other half), _AMBIGUOUS, _CORRUPT, _COUNT_MISMATCH,
 *          _NO_SAMPLES, _LABEL_RANGE, _EMPTY_CLASS, _SINGLE_SAMPLE, _ONE_CLASS, _SIZE_MIXED,
 *          _IMAGE_SIZE, _CHANNELS, _TOO_LARGE
 */
export async function importIdx(
  from: IdxImport,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const main = from.chosen ?? trainFile(from);
  const train = pairOf(from, main);
  const held = options.holdout === "every-tenth" ? undefined : heldOutPart(from, main);
  const trainLabels = await readLabels(train, limits);
  const classes = numberedClasses(trainLabels, sampleIn(train.labels));
  const parts = [{ pair: train, labels: trainLabels, first: 0 }];
  if (held !== undefined) {
    const pair = pairOf(from, held);
    const labels = await readLabels(pair, limits);
    checkNumbered(labels, classes, sampleIn(pair.labels));
    parts.push({ pair, labels, first: trainLabels.length });
  }
  const labels = Buffer.concat(parts.map((part) => part.labels.map((n) => n - classes.lowest)));
  checkLimit("samples", labels.length, limits.samples, { file: shownBytes(train.labels) });
  const split =
    held === undefined
      ? everyTenth(labels, classes.classNames, sampleIn(train.labels))
      : givenHoldout(trainLabels.length, labels.length - trainLabels.length);
  const sink = new ImageSink(labels, split.places, limits, progressSteps(options.onProgress));
  for (const part of parts) await sink.read(part.pair.images, part.first, part.labels.length);
  const { shape, samples } = sink.finish();
  const { classNames } = classes;
  const given = held === undefined ? {} : { given: `the ${held.part} files` };
  return finishImport({
    path: from.path,
    kind: "images",
    shape,
    samples,
    split,
    classNames,
    ...given,
  });
}

/** The one training file of the folder. */
function trainFile({ folder, files }: IdxImport): IdxName {
  const train = files.filter(({ part }) => part === "train");
  const prefixes = new Set(train.map(({ prefix }) => prefix));
  const file = shownBytes(folder);
  if (prefixes.size > 1) stop("DATA_IMPORT_AMBIGUOUS", { folder: file, sets: prefixes.size });
  const [found] = train;
  if (found === undefined) {
    stop("DATA_IMPORT_MISSING", { file: shownBytes(entryPath(folder, "train-images-idx3-ubyte")) });
  }
  return found;
}

/** Images and labels of the part that a file belongs to; a given file itself is taken. */
function pairOf({ folder, files, chosen }: IdxImport, one: IdxName): IdxPair {
  const pathOf = (content: IdxName["content"]) => {
    const itself = one === chosen && one.content === content ? one : undefined;
    const found = itself ?? findIdx(files, one, content);
    if (found !== undefined) return entryPath(folder, found.name);
    const names = `${one.name}: its ${content} file`;
    return stop("DATA_IMPORT_MISSING", { file: shownBytes(entryPath(folder, names)) });
  };
  return { images: pathOf("images"), labels: pathOf("labels") };
}

/** A file of the given hold-out, if there is one for this data set. */
function heldOutPart({ folder, files }: IdxImport, main: IdxName): IdxName | undefined {
  if (main.part !== "train") return undefined;
  const held = files.filter(
    ({ part, prefix }) => part !== "train" && part !== "" && prefix === main.prefix,
  );
  const parts = new Set(held.map(({ part }) => part));
  if (parts.size > 1) {
    stop("DATA_IMPORT_AMBIGUOUS", {
      folder: shownBytes(folder),
      holdOuts: [...parts].join(" and "),
    });
  }
  return held[0];
}

async function readLabels({ labels }: IdxPair, limits: ImportLimits): Promise<Uint8Array> {
  const file = shownBytes(labels);
  let read = new Uint8Array(0);
  await readIdx(labels, LABEL_RANKS, limits, {
    dimensions([count]) {
      checkLimit("samples", count, limits.samples, { file });
      if (count === 0) stop("DATA_IMPORT_NO_SAMPLES", { file });
      read = new Uint8Array(count);
    },
    body: (piece, offset) => read.set(piece, offset),
  });
  return read;
}

/** Names a sample by its file and its number from 1. */
function sampleIn(path: Buffer): (sample: number) => { file: string; sample: number } {
  return (sample) => ({ file: shownBytes(path), sample: sample + 1 });
}

/** Takes the images of all parts to their places. */
class ImageSink {
  readonly #labels: Uint8Array;
  readonly #places: Uint32Array;
  readonly #limits: ImportLimits;
  readonly #progress: (fraction: number) => void;
  #shape: SampleShape = { encoding: 0, height: 0, width: 0, channels: 0 };
  #firstFile = "";
  #samples: Uint8Array = new Uint8Array(0);

  constructor(
    labels: Uint8Array,
    places: Uint32Array,
    limits: ImportLimits,
    progress: (fraction: number) => void,
  ) {
    this.#labels = labels;
    this.#places = places;
    this.#limits = limits;
    this.#progress = progress;
  }

  /** Reads one file whose first image is sample `first` and which must hold `count`. */
  async read(path: Buffer, first: number, count: number): Promise<void> {
    const file = shownBytes(path);
    await readIdx(path, IMAGE_RANKS, this.#limits, {
      dimensions: (sizes) => this.#begin(sizes, count, file),
      body: (piece, offset) => this.#place(piece, offset, first),
    });
  }

  /** All samples, labels set. */
  finish(): { shape: SampleShape; samples: Uint8Array } {
    const size = sampleBytesOf(this.#shape);
    this.#labels.forEach((label, sample) => {
      this.#samples[this.#places[sample] * size + size - 1] = label;
    });
    return { shape: this.#shape, samples: this.#samples };
  }

  #begin(sizes: readonly number[], count: number, file: string): void {
    const [images, height, width, channels = 1] = sizes;
    if (images !== count) {
      stop("DATA_IMPORT_COUNT_MISMATCH", { file, images, labels: count });
    }
    if (height * width * channels === 0) {
      stop("DATA_IMPORT_CORRUPT", { file, rule: "an image has pixels" });
    }
    const sideMax = this.#limits.imageSide;
    if (height > sideMax || width > sideMax) {
      stop("DATA_IMPORT_IMAGE_SIZE", { file, size: `${width}×${height}`, sideMax });
    }
    if (channels !== 1 && channels !== 3) stop("DATA_IMPORT_CHANNELS", { file, channels });
    const shape = { encoding: 0, height, width, channels } as const;
    if (this.#firstFile === "") {
      this.#firstFile = file;
      this.#shape = shape;
      this.#samples = samplesRoom(this.#labels.length, shape, this.#limits.bytes);
      return;
    }
    const size = sizeText(shape);
    const expected = sizeText(this.#shape);
    if (size !== expected) stop("DATA_IMPORT_SIZE_MIXED", { file, size, expected });
  }

  #place(piece: Uint8Array, offset: number, first: number): void {
    const size = sampleBytesOf(this.#shape);
    const pixels = size - 1;
    let at = 0;
    while (at < piece.length) {
      const sample = Math.floor((offset + at) / pixels);
      const within = (offset + at) % pixels;
      const part = piece.subarray(at, at + pixels - within);
      this.#samples.set(part, this.#places[first + sample] * size + within);
      at += part.length;
    }
    this.#progress((first + (offset + at) / pixels) / this.#labels.length);
  }
}

function sizeText({ height, width, channels }: SampleShape): string {
  return `${width}×${height}×${channels}`;
}
