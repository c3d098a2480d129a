/** Decides the work unit that learning is measured on: the digits' model on made-up samples. */

import { systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { DIGITS_CNN, DIGITS_CNN_STEPS, ReferenceBackend } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import {
  datasetLeafHashes,
  datasetRoot,
  packDataset,
  readDataset,
  unitId,
} from "../../../src-main/learning/index.ts";
import { standardBatch } from "../../../src-main/miner/calibration/standard-steps.ts";
import { buildSpecification } from "../../../src-main/miner/index.ts";
import { openJob } from "../../../src-main/miner/job/job-program.ts";
import type { JobProgram } from "../../../src-main/miner/job/job-program.ts";
import { openBatchSource } from "../../../src-main/miner/training/batch-source.ts";
import type { TrainNeeds, TrainTask } from "../../../src-main/miner/worker/train-unit.ts";
import { workClock } from "../../../src-main/processes/work-clock.ts";
import { bySize } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";

/** A unit and what runs it. */
export interface BenchUnit {
  readonly model: string;
  readonly segments: number;
  readonly threads: number;
  readonly jobProgram: JobProgram;
  readonly task: TrainTask;
  readonly needs: Pick<TrainNeeds, "hasher" | "clock" | "entropy" | "backend" | "batches"> & {
    readonly hasher: typeof nativeSha256;
  };
}

/** Samples of the set; each batch is drawn from them. */
const SAMPLES = 640;
const FEATURES = 28 * 28;

/** A model that the reference trains in milliseconds a step. */
const TINY: ModelConfig = {
  ...DIGITS_CNN,
  batchSize: 4,
  layers: [{ type: "flatten" }, { type: "dense", units: 10, activation: "none" }],
};

/** The default job's model, steps and segments; a part of the steps for a quick look. */
export function benchUnit(kit: BenchKit): BenchUnit {
  const isTiny = kit.size === "tiny";
  const config = isTiny ? TINY : DIGITS_CNN;
  const steps = bySize(kit, DIGITS_CNN_STEPS, 700, 8);
  const plan = bySize(kit, 57, 14, 4);
  const samples = standardBatch({ ...config, batchSize: SAMPLES });
  const header = {
    version: 1,
    encoding: 0,
    height: 28,
    width: 28,
    channels: 1,
    classes: 10,
    sampleCount: SAMPLES,
    trainFirst: 0,
    trainCount: SAMPLES,
    holdoutFirst: SAMPLES,
    holdoutCount: 0,
    name: "bench",
    licenceNote: "made for this benchmark",
  };
  const dataset = readDataset(packDataset(header, samples.subarray(0, SAMPLES * (FEATURES + 1))));
  if (!dataset.ok) throw new Error(dataset.rejection.code);
  const spec = buildSpecification(nativeSha256, {
    model: config,
    steps,
    datasetRoot: datasetRoot(nativeSha256, datasetLeafHashes(nativeSha256, dataset.value)),
    trainFirst: 0,
    trainCount: SAMPLES,
    holdoutFirst: SAMPLES,
    holdoutCount: 0,
    seed: new Uint8Array(32).fill(1),
    finalSeed: true,
    segments: plan,
    sampledSegments: Math.min(3, plan),
  });
  const jobProgram = openJob(nativeSha256, spec);
  const job = new Uint8Array(32).fill(2);
  const probe = nativeBackends();
  const backend =
    probe.available && !isTiny ? createNativeBackend({ threads: 1 }) : new ReferenceBackend();
  return {
    model: isTiny ? "tiny" : "cnn",
    segments: Math.ceil(spec.steps / spec.segmentLength),
    threads: 1,
    jobProgram,
    task: { unit: unitId(nativeSha256, job, 0, 0), job, round: 0, shard: 0, jobProgram },
    needs: {
      hasher: nativeSha256,
      clock: workClock,
      entropy: systemEntropy,
      backend,
      batches: openBatchSource(nativeSha256, spec, dataset.value),
    },
  };
}
