import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import {
  datasetLeafHashes,
  datasetRoot,
  jobSpecificationCodec,
  packDataset,
  readDataset,
  unitId,
} from "../../../src-main/learning/index.ts";
import type { JobSpecification } from "../../../src-main/learning/index.ts";
import { buildSpecification } from "../../../src-main/miner/index.ts";
import type { DeviceChoice, StartWorker } from "../../../src-main/miner/index.ts";

/** A model the reference engine trains in milliseconds a step. */
const MODEL: ModelConfig = {
  input: { height: 8, width: 8, channels: 1 },
  classes: 4,
  batchSize: 16,
  layers: [
    { type: "conv2d", filters: 3, kernel: 3, activation: "relu" },
    { type: "max-pool", size: 2 },
    { type: "flatten" },
    { type: "dense", units: 4, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.05 }] },
};

const SIDE = 8;
const SAMPLES = 240;
const HELD_OUT = 40;

/** Images whose bright quarter names their class, with some noise. */
function smallDataset(): Uint8Array {
  const samples = new Uint8Array(SAMPLES * (SIDE * SIDE + 1));
  let noise = 12345;
  for (let index = 0; index < SAMPLES; index += 1) {
    const label = index % 4;
    const first = index * (SIDE * SIDE + 1);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel += 1) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const quarter = 2 * Number(pixel >= 32) + Number(pixel % SIDE >= 4);
      samples[first + pixel] = (noise >>> 26) + (quarter === label ? 150 : 0);
    }
    samples[first + SIDE * SIDE] = label;
  }
  const header = {
    version: 1,
    encoding: 0,
    height: SIDE,
    width: SIDE,
    channels: 1,
    classes: 4,
    sampleCount: SAMPLES,
    trainFirst: 0,
    trainCount: SAMPLES - HELD_OUT,
    holdoutFirst: SAMPLES - HELD_OUT,
    holdoutCount: HELD_OUT,
    name: "quarters",
    licenceNote: "made for this test",
  };
  return packDataset(header, samples);
}

/** A job on disk, and the messages that start its worker. */
export interface SmallJob {
  readonly folder: string;
  readonly datasetPath: string;
  readonly spec: JobSpecification;
  readonly job: Uint8Array;
  readonly unit: Uint8Array;
  start(folderName: string, device?: DeviceChoice): StartWorker;
  remove(): void;
}

export const REFERENCE: DeviceChoice = { engine: "reference", isa: null, threads: null };

/** Makes the data set and a job of `steps` steps in `segments` segments. */
export function makeSmallJob(steps: number, segments: number, more: object = {}): SmallJob {
  const folder = mkdtempSync(join(tmpdir(), "vivian-miner-"));
  const datasetPath = join(folder, "quarters.blob");
  const blob = smallDataset();
  writeFileSync(datasetPath, blob);
  const dataset = readDataset(blob);
  if (!dataset.ok) throw new Error("the test's data set is one");
  const { header } = dataset.value;
  const spec = buildSpecification(nativeSha256, {
    model: MODEL,
    steps,
    datasetRoot: datasetRoot(nativeSha256, datasetLeafHashes(nativeSha256, dataset.value)),
    trainFirst: header.trainFirst,
    trainCount: header.trainCount,
    holdoutFirst: header.holdoutFirst,
    holdoutCount: header.holdoutCount,
    seed: new Uint8Array(32).fill(42),
    finalSeed: true,
    segments,
    sampledSegments: 2,
    ...more,
  });
  const job = new Uint8Array(32).fill(6);
  const unit = unitId(nativeSha256, job, 0, 0);
  return {
    folder,
    datasetPath,
    spec,
    job,
    unit,
    start: (folderName, device = REFERENCE) => ({
      kind: "start",
      unit,
      job,
      round: 0,
      shard: 0,
      specification: encode(jobSpecificationCodec, spec),
      unitFolder: join(folder, folderName),
      datasetPath,
      device,
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
