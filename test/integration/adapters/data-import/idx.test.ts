import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { IMPORT_LIMITS } from "../../../../src-main/adapters/data-import/index.ts";
import {
  digitFiles,
  idxBytes,
  imported,
  ownFolder,
  refused,
  writePair,
  writeSmallPair,
} from "./made-data.ts";

const folder = ownFolder();
const inFolder = (name: string) => join(folder.path, name);
const labelsOf = (count: number) => Array.from({ length: count }, (_, sample) => sample % 2);

describe("adapters/data-import with IDX files", () => {
  it("takes the digits with every tenth of each class held out, plain or packed", async () => {
    const { images, labels, pixels } = digitFiles(20);
    writePair(folder.path, "train", images, labels);
    const plain = await imported(folder.path);
    expect(plain).toMatchObject({
      kind: "images",
      trainCount: 180,
      holdoutCount: 20,
      classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
      header: { encoding: 0, height: 28, width: 28, channels: 1, classes: 10, sampleCount: 200 },
      note: "200 images 28×28 grey, 10 classes; every tenth of each class held out (20)",
    });
    // Samples 90 to 99 and 190 to 199 are the tenth of their digits.
    const order = Array.from({ length: 200 }, (_, sample) => sample);
    const isHeld = (sample: number) => Math.floor(sample / 10) % 10 === 9;
    const expected = [...order.filter((s) => !isHeld(s)), ...order.filter(isHeld)];
    plain.samples.forEach((sample, at) => {
      const from = expected[at];
      expect(sample.subarray(0, 784)).toEqual(pixels.subarray(from * 784, (from + 1) * 784));
      expect(sample[784]).toBe(from % 10);
    });
    const packed = inFolder("packed");
    mkdirSync(packed);
    writeFileSync(join(packed, "train-images-idx3-ubyte.gz"), gzipSync(images));
    writeFileSync(join(packed, "train-labels-idx1-ubyte.gz"), gzipSync(labels));
    const unpacked = await imported(packed);
    expect(unpacked.samples).toEqual(plain.samples);
  });

  it.each(["t10k", "test"])("takes the %s files as the hold-out", async (part) => {
    writeSmallPair(folder.path, "train", labelsOf(30));
    writeSmallPair(folder.path, part, labelsOf(6));
    const data = await imported(inFolder("train-images-idx3-ubyte"));
    expect(data).toMatchObject({ trainCount: 30, holdoutCount: 6 });
    expect(data.note).toBe(
      `36 images 2×2 grey, 2 classes; hold-out given by the ${part} files (6)`,
    );
    expect(data.labels.slice(30)).toEqual(labelsOf(6));
    expect([...data.samples[31]]).toEqual([4, 5, 6, 7, 1]);
    const tenth = await imported(folder.path, { holdout: "every-tenth" });
    expect(tenth).toMatchObject({ trainCount: 28, holdoutCount: 2 });
  });

  it("takes dots, prefixes, labels from 1, colour images and the label file's path", async () => {
    const body = Uint8Array.from({ length: 4 * 12 }, (_, at) => at);
    writeFileSync(inFolder("my-train-images.idx4-ubyte"), idxBytes([4, 2, 2, 3], body));
    const labels = Uint8Array.of(2, 1, 1, 2);
    writeFileSync(inFolder("my-train-labels.idx1-ubyte"), idxBytes([4], labels));
    writeSmallPair(folder.path, "train", labelsOf(30));
    const data = await imported(inFolder("my-train-labels.idx1-ubyte"));
    expect(data.header).toMatchObject({ height: 2, width: 2, channels: 3, sampleCount: 4 });
    expect(data.classNames).toEqual(["1", "2"]);
    expect(data.labels).toEqual([1, 0, 0, 1]);
    expect([...data.samples[1].subarray(0, 12)]).toEqual([...body.subarray(12, 24)]);
    expect((await refused(folder.path)).code).toBe("DATA_IMPORT_AMBIGUOUS");
  });

  it("tells how far it is, never backwards, and ends at 1", async () => {
    writeSmallPair(folder.path, "train", labelsOf(300));
    const told: number[] = [];
    await imported(folder.path, { onProgress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((one, other) => one - other));
  });
});

describe("adapters/data-import refuses IDX files", () => {
  const images = (count: number, height = 2) =>
    idxBytes([count, height, 2], new Uint8Array(count * height * 2));
  const labels = (...values: number[]) => idxBytes([values.length], Uint8Array.from(values));
  const four = labels(0, 1, 0, 1);

  it.each([
    ["bad magic", Buffer.from("not an IDX file"), four, "CORRUPT"],
    ["an empty file", Buffer.alloc(0), four, "CORRUPT"],
    ["half a header", images(4).subarray(0, 9), four, "CORRUPT"],
    ["missing pixels", images(4).subarray(0, -1), four, "CORRUPT"],
    ["bytes behind the last pixel", Buffer.concat([images(4), Buffer.of(7)]), four, "CORRUPT"],
    ["images without pixels", images(4, 0), four, "CORRUPT"],
    ["gzip cut short", gzipSync(images(4)).subarray(0, -9), four, "CORRUPT"],
    ["gzip with a wrong check sum", flipped(gzipSync(images(4)), -6), four, "CORRUPT"],
    ["labels for other images", images(5), four, "COUNT_MISMATCH"],
    ["images above 64 pixels", images(4, 65), four, "IMAGE_SIZE"],
    ["two channels", idxBytes([4, 1, 1, 2], new Uint8Array(8)), four, "CHANNELS"],
    ["no samples", images(0), labels(), "NO_SAMPLES"],
    ["one class", images(3), labels(5, 5, 5), "ONE_CLASS"],
    ["a class left out", images(6), labels(0, 0, 1, 1, 3, 3), "EMPTY_CLASS"],
    ["a stray label", images(6), labels(0, 0, 1, 1, 200, 1), "LABEL_RANGE"],
    ["a class with one sample", images(3), labels(0, 0, 1), "SINGLE_SAMPLE"],
  ])("%s", async (_, imageFile, labelFile, code) => {
    writePair(folder.path, "train", imageFile, labelFile);
    const rejection = await refused(folder.path);
    expect(rejection.code).toBe(`DATA_IMPORT_${code}`);
    expect(rejection.facts.file).toContain("train-");
  });

  it("names the sample with a label out of range", async () => {
    writeSmallPair(folder.path, "train", [0, 1, 2, 0, 1, 2, 201]);
    expect(await refused(folder.path)).toEqual({
      code: "DATA_IMPORT_LABEL_RANGE",
      facts: {
        label: 201,
        expected: "0 to 2",
        file: inFolder("train-labels-idx1-ubyte"),
        sample: 7,
      },
    });
  });

  it("a hold-out with other labels or another size", async () => {
    writeSmallPair(folder.path, "train", labelsOf(20));
    writeSmallPair(folder.path, "t10k", [0, 1, 2]);
    const strange = await refused(folder.path);
    expect(strange).toMatchObject({ code: "DATA_IMPORT_LABEL_RANGE", facts: { sample: 3 } });
    writePair(folder.path, "t10k", images(4, 3), four);
    expect(await refused(folder.path)).toEqual({
      code: "DATA_IMPORT_SIZE_MIXED",
      facts: {
        file: inFolder("t10k-images-idx3-ubyte"),
        size: "2×3×1",
        expected: "2×2×1",
      },
    });
  });

  it("a pair without its other half, and two hold-outs", async () => {
    writeFileSync(inFolder("train-images-idx3-ubyte"), images(4));
    expect(await refused(folder.path)).toMatchObject({ code: "DATA_IMPORT_MISSING" });
    writeSmallPair(folder.path, "train", labelsOf(20));
    writeSmallPair(folder.path, "t10k", labelsOf(4));
    writeSmallPair(folder.path, "test", labelsOf(4));
    expect(await refused(folder.path)).toMatchObject({ code: "DATA_IMPORT_AMBIGUOUS" });
  });

  it("what is above a limit, with its name", async () => {
    writeSmallPair(folder.path, "train", labelsOf(20));
    const limits = { samples: 19, bytes: 99, fileBytes: 27 };
    const names = { samples: "samples", bytes: "decoded bytes", fileBytes: "file bytes" };
    for (const key of ["samples", "bytes", "fileBytes"] as const) {
      const lowered = { ...IMPORT_LIMITS, [key]: limits[key] };
      expect(await refused(folder.path, {}, lowered)).toMatchObject({
        code: "DATA_IMPORT_TOO_LARGE",
        facts: { limit: names[key], most: limits[key], found: limits[key] + 1 },
      });
    }
  });
});

/** The bytes with one bit changed, counted from the end. */
function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bytes.length + at] ^= 1;
  return changed;
}
