import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importData } from "../../../src-main/adapters/data-import/index.ts";
import type { ImportOptions } from "../../../src-main/adapters/data-import/index.ts";
import { DATA_IMPORT_CODES } from "../../../src-main/contract/codes/data-import.ts";
import { readDataset } from "../../../src-main/learning/index.ts";

let folder = "";
const strays: unknown[] = [];
const onStray = (error: unknown) => strays.push(error);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-fuzz-"));
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray);
});
afterEach(() => {
  process.off("uncaughtException", onStray).off("unhandledRejection", onStray);
  rmSync(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, Uint8Array>>;

/** Writes the files, imports, and holds the answer to what is promised of any input. */
async function answer(files: Files, path = "", options: ImportOptions = {}): Promise<boolean> {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const outcome = await importData(join(folder, path), options);
  if (outcome.ok) expect(readDataset(outcome.value.blob).ok).toBe(true);
  else expect(DATA_IMPORT_CODES).toHaveProperty(outcome.rejection.code);
  // A stream that fails after its reader left would speak up here.
  await new Promise((resolve) => setImmediate(resolve));
  expect(strays).toEqual([]);
  return outcome.ok;
}

/** Bytes with some bytes changed, and perhaps cut or lengthened. */
function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }));
  const end = fc.oneof(
    { weight: 3, arbitrary: fc.constant(bytes.length) },
    fc.nat({ max: bytes.length }),
  );
  const changes = fc.array(change, { maxLength: 4 });
  return fc.tuple(changes, end, fc.uint8Array({ maxLength: 2 })).map(([list, size, more]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of list) copy[at] = value;
    return Uint8Array.of(...copy.subarray(0, size), ...more);
  });
}

const idx = (dimensions: readonly number[], body: readonly number[]) =>
  Uint8Array.of(0, 0, 8, dimensions.length, ...dimensions.flatMap((n) => [0, 0, 0, n]), ...body);
const images = idx(
  [6, 2, 2],
  Array.from({ length: 24 }, (_, at) => at),
);
const labels = idx([6], [0, 1, 0, 1, 0, 1]);
const table = Buffer.from('kind,x,"y y"\na,1,2.5\n"b ""b""",-3e2,4\na,5,6\r\n"b ""b""",7,8\n\n');
const png = (value: number) => {
  const image = new PNG({ width: 5, height: 4 });
  image.data.forEach((_, at) => {
    image.data[at] = at % 4 === 3 ? 255 : (value * at) % 256;
  });
  return Uint8Array.from(PNG.sync.write(image, { colorType: 2 }));
};
const [one, two] = [png(3), png(5)];
const either = (plain: Uint8Array) => fc.oneof(mutated(plain), mutated(gzipSync(plain)));

describe("adapters/data-import never throws", () => {
  it("on IDX files with changed bytes, plain or packed", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(either(images), either(labels), async (first, second) => {
        const files = { "train-images-idx3-ubyte": first, "train-labels-idx1-ubyte": second };
        if (await answer(files)) taken += 1;
      }),
      { numRuns: 400, examples: [[images, labels]] },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("on CSV files with changed bytes, plain or packed", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(either(table), async (bytes) => {
        if (await answer({ "data.csv": bytes }, "data.csv")) taken += 1;
      }),
      { numRuns: 500, examples: [[Uint8Array.from(table)]] },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("on PNG files with changed bytes", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(mutated(one), async (bytes) => {
        const files = { "a/0.png": one, "a/1.png": bytes, "b/0.png": two, "b/1.png": two };
        if (await answer(files)) taken += 1;
      }),
      { numRuns: 500, examples: [[one]] },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("on texts with changed bytes, in any kind of tokens, a model's among them", async () => {
    const tale = Buffer.from("\u{feff}Once upon a time, a café\r\nwas 🎈 of two lines.\n");
    const tokens = fc.constantFrom("bytes", "characters", "gpt");
    const cut = fc.record({ tokens, context: fc.integer({ min: 1, max: 9 }) });
    const vocabulary = fc.array(fc.integer({ min: 0, max: 200_500 }), { maxLength: 300 });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(either(tale), cut, vocabulary, async (bytes, text, known) => {
        if (await answer({ "a.txt": bytes }, "a.txt", { text })) taken += 1;
        await answer({ "a.txt": bytes }, "a.txt", { text, vocabulary: known });
      }),
      { numRuns: 100 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("on any bytes under any of the names", async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const text = fc.string({ unit: "binary", maxLength: 80 }).map((words) => Buffer.from(words));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, text), async (some) => {
        await answer({ "some.csv": some }, "some.csv");
        await answer({ "z/some.txt": some, "z/other.txt": some }, "z");
        const pair = { "x/train-images-idx3-ubyte": some, "x/train-labels-idx1-ubyte": some };
        await answer(pair, "x");
        await answer({ "y/a/0.png": some, "y/a/1.png": some, "y/b/0.png": some }, "y");
      }),
      { numRuns: 200 },
    );
  });
});
