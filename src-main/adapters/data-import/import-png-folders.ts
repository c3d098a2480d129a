/**
 * Decides how a folder with one folder of PNG files per class becomes a data set. Classes and
 * files are taken in byte order of their names; hidden entries do not count, other files are
 * left out and counted in the note. Files are decoded one at a time. Where every pixel of every
 * image is grey the samples have one channel, else three.
 */

import { everyTenth } from "./hold-out.ts";
import { readWhole } from "./file-bytes.ts";
import { entryNames } from "./folder-entries.ts";
import type { Entry } from "./folder-entries.ts";
import { formatNumberOf } from "../../contract/index.ts";
import { finishImport, progressSteps, sampleBytesOf, samplesRoom } from "./imported-data.ts";
import type { ImportedData, ImportOptions, SampleShape } from "./imported-data.ts";
import type { ImportLimits } from "./limits.ts";
import { entryPath, shownBytes, shownName } from "./path-bytes.ts";
import { decodePng, readPngHeader } from "./png-image.ts";
import type { PngPixels } from "./png-image.ts";
import { checkLimit, stop } from "./stop.ts";

const PNG_NAME = /\.png$/i;
const DEPTH_MAX = 8;

/** What an import of PNG folders needs. */
export interface PngImport {
  /** What the user gave, for the data set's name. */
  readonly path: string;
  readonly folder: Buffer;
  /** What stands in the folder; each folder of it is a class. */
  readonly entries: readonly Entry[];
}

/** One image's file and class. */
interface PngFile {
  readonly name: string;
  readonly label: number;
}

/**
 * Imports PNG folders.
 * @rejects DATA_IMPORT_ONE_CLASS, _TOO_MANY_CLASSES, _EMPTY_CLASS, _SINGLE_SAMPLE, _CORRUPT,
 *          _SIZE_MIXED, _IMAGE_SIZE, _CHANNELS, _TOO_LARGE, _UNREADABLE with the file
 */
export async function importPngFolders(
  from: PngImport,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const folders = from.entries.filter(({ kind }) => kind === "folder");
  const file = shownBytes(from.folder);
  if (folders.length > limits.classes) {
    const facts = { folder: file, classes: folders.length, most: limits.classes };
    stop("DATA_IMPORT_TOO_MANY_CLASSES", facts);
  }
  const { files, others } = await listImages(folders, limits);
  const classNames = folders.map(({ name }) => shownName(name));
  if (folders.length === 1) stop("DATA_IMPORT_ONE_CLASS", { class: classNames[0], folder: file });
  const labels = Uint8Array.from(files, ({ label }) => label);
  const pathOf = ({ label, name }: PngFile) => entryPath(folders[label].path, name);
  const whereIs = (sample: number) => ({ file: shownBytes(pathOf(files[sample])) });
  const split = everyTenth(labels, classNames, whereIs);
  const sink = new PixelSink(split.places, limits);
  const progress = progressSteps(options.onProgress);
  for (const [sample, one] of files.entries()) {
    sink.take(await readWhole(pathOf(one), limits.pngBytes), sample, whereIs(sample).file);
    progress((sample + 1) / files.length);
  }
  const { shape, samples } = sink.finish(labels);
  const foreign = others + from.entries.length - folders.length;
  const remarks =
    foreign === 0 ? [] : [`${formatNumberOf(foreign, "other file", "other files")} left out`];
  return finishImport({
    path: from.path,
    kind: "images",
    shape,
    samples,
    split,
    classNames,
    remarks,
  });
}

/** The PNG files of all classes, class by class, and how many other entries there are. */
async function listImages(
  folders: readonly Entry[],
  limits: ImportLimits,
): Promise<{ files: PngFile[]; others: number }> {
  const files: PngFile[] = [];
  let others = 0;
  for (const [label, { name: className, path }] of folders.entries()) {
    const names = await entryNames(path, limits);
    const images = names.filter((name) => PNG_NAME.test(name));
    const folder = shownBytes(path);
    others += names.length - images.length;
    if (images.length === 0) {
      const facts = { class: shownName(className), folder, otherFiles: names.length };
      stop("DATA_IMPORT_EMPTY_CLASS", facts);
    }
    checkLimit("samples", files.length + images.length, limits.samples, { folder });
    for (const name of images) files.push({ name, label });
  }
  return { files, others };
}

/** Takes images to their places; grey ones are held with one channel until a colour one comes. */
class PixelSink {
  readonly #places: Uint32Array;
  readonly #limits: ImportLimits;
  #shape: SampleShape = { encoding: 0, height: 0, width: 0, channels: 1 };
  #samples: Uint8Array = new Uint8Array(0);
  #firstFile = "";

  constructor(places: Uint32Array, limits: ImportLimits) {
    this.#places = places;
    this.#limits = limits;
  }

  take(bytes: Buffer, sample: number, file: string): void {
    const image = this.#decode(bytes, file);
    if (image.channels > this.#shape.channels) this.#toColour();
    const start = this.#places[sample] * sampleBytesOf(this.#shape);
    const repeat = this.#shape.channels / image.channels;
    if (repeat === 1) this.#samples.set(image.pixels, start);
    else spread(image.pixels, this.#samples, start);
  }

  finish(labels: Uint8Array): { shape: SampleShape; samples: Uint8Array } {
    const size = sampleBytesOf(this.#shape);
    labels.forEach((label, sample) => {
      this.#samples[this.#places[sample] * size + size - 1] = label;
    });
    return { shape: this.#shape, samples: this.#samples };
  }

  #decode(bytes: Buffer, file: string): PngPixels {
    const header = readPngHeader(bytes);
    if (header === undefined) {
      stop("DATA_IMPORT_CORRUPT", { file, rule: "it begins as a PNG file" });
    }
    this.#checkSize(header, file);
    if (header.depth > DEPTH_MAX) {
      stop("DATA_IMPORT_CHANNELS", { file, bitsPerChannel: header.depth });
    }
    const image = decodePng(bytes, header);
    if (image === "damaged") stop("DATA_IMPORT_CORRUPT", { file, rule: "the PNG decodes whole" });
    if (image === "transparent") stop("DATA_IMPORT_CHANNELS", { file, rule: "pixels are opaque" });
    return image;
  }

  #checkSize({ width, height }: { width: number; height: number }, file: string): void {
    const size = `${width}×${height}`;
    const sideMax = this.#limits.imageSide;
    if (width > sideMax || height > sideMax) {
      stop("DATA_IMPORT_IMAGE_SIZE", { file, size, sideMax });
    }
    if (this.#firstFile === "") {
      this.#firstFile = file;
      this.#shape = { ...this.#shape, width, height };
      this.#samples = samplesRoom(this.#places.length, this.#shape, this.#limits.bytes);
    }
    if (width === this.#shape.width && height === this.#shape.height) return;
    const expected = `${this.#shape.width}×${this.#shape.height}`;
    stop("DATA_IMPORT_SIZE_MIXED", { file, size, expected, asIn: this.#firstFile });
  }

  /** Gives every sample three channels; those not read yet stay zero. */
  #toColour(): void {
    const grey = this.#samples;
    const greySize = sampleBytesOf(this.#shape);
    this.#shape = { ...this.#shape, channels: 3 };
    const size = sampleBytesOf(this.#shape);
    this.#samples = samplesRoom(this.#places.length, this.#shape, this.#limits.bytes);
    for (let place = 0; place < this.#places.length; place += 1) {
      const pixels = grey.subarray(place * greySize, (place + 1) * greySize - 1);
      spread(pixels, this.#samples, place * size);
    }
  }
}

/** Writes each grey pixel three times. */
function spread(grey: Uint8Array, samples: Uint8Array, start: number): void {
  for (let pixel = 0; pixel < grey.length; pixel += 1) {
    samples.fill(grey[pixel], start + 3 * pixel, start + 3 * pixel + 3);
  }
}
