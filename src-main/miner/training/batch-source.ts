/**
 * Decides what a step is fed: the seeded permutation picks samples of the training range, their
 * bytes make the batch and their leaf hashes the batch digest.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { batchIndices, ENCODING } from "../../engine/index.ts";
import {
  answersPerSample,
  datasetLeafHashes,
  datasetRoot,
  datasetSample,
  writeAnswers,
} from "../../learning/index.ts";
import type { Dataset, JobSpecification } from "../../learning/index.ts";

/** One step's input. */
export interface Batch {
  /** Samples joined, as op `load` expects them. */
  readonly bytes: Uint8Array;
  /** RFC 9162 leaf hashes of the samples, joined. */
  readonly leafHashes: Uint8Array;
  /** The right answers: the label of each sample, of a text the token after each one. */
  readonly labels: Uint16Array;
}

/** Batches of one job, any step at any time. */
export class BatchSource {
  readonly #spec: JobSpecification;
  readonly #dataset: Dataset;
  readonly #leafHashes: readonly Uint8Array[];

  constructor(spec: JobSpecification, dataset: Dataset, leafHashes: readonly Uint8Array[]) {
    this.#spec = spec;
    this.#dataset = dataset;
    this.#leafHashes = leafHashes;
  }

  /** The batch of a step (from 1). */
  batch(step: number): Batch {
    const spec = this.#spec;
    const indices = batchIndices(spec.seed, step, spec.batchSize, spec.trainCount);
    const leafHashes = new Uint8Array(32 * spec.batchSize);
    const samples: number[] = [];
    for (let slot = 0; slot < spec.batchSize; slot += 1) {
      const sample = spec.trainFirst + indices[slot];
      samples.push(sample);
      leafHashes.set(this.#leafHashes[sample], 32 * slot);
    }
    return { ...this.#join(samples), leafHashes };
  }

  /** Hold-out samples `first` … as a batch of `count`; what is beyond the end repeats the last. */
  holdout(first: number, count: number): { bytes: Uint8Array; labels: Uint16Array } {
    const { holdoutFirst, holdoutCount } = this.#spec;
    const samples = Array.from(
      { length: count },
      (_, slot) => holdoutFirst + Math.min(first + slot, holdoutCount - 1),
    );
    return this.#join(samples);
  }

  /** Right answers a sample has. */
  get answersPerSample(): number {
    return answersPerSample(this.#dataset);
  }

  /** Whether the samples are text, which is judged by its loss. */
  get isText(): boolean {
    const { encoding } = this.#dataset.header;
    return encoding === ENCODING.byteTokens || encoding === ENCODING.wordTokens;
  }

  #join(samples: readonly number[]): { bytes: Uint8Array; labels: Uint16Array } {
    const { sampleBytes } = this.#dataset;
    const bytes = new Uint8Array(sampleBytes * samples.length);
    const each = answersPerSample(this.#dataset);
    const labels = new Uint16Array(samples.length * each);
    for (const [slot, sample] of samples.entries()) {
      const source = datasetSample(this.#dataset, sample);
      bytes.set(source, slot * sampleBytes);
      const answers = labels.subarray(slot * each, (slot + 1) * each);
      writeAnswers(this.#dataset, source, answers);
    }
    return { bytes, labels };
  }
}

/**
 * Checks that a data set is the one a job names and holds its ranges.
 * Throws Fault LEARNING_DATASET_ROOT otherwise: it is our own file that is wrong.
 */
export function openBatchSource(h: Hasher, spec: JobSpecification, dataset: Dataset): BatchSource {
  const leafHashes = datasetLeafHashes(h, dataset);
  const end = Math.max(spec.trainFirst + spec.trainCount, spec.holdoutFirst + spec.holdoutCount);
  const known = bytesEqual(datasetRoot(h, leafHashes), spec.datasetRoot);
  if (!known || end > dataset.header.sampleCount) {
    const facts = { name: dataset.header.name, samples: dataset.header.sampleCount };
    throw new Fault("LEARNING_DATASET_ROOT", "the data set is not the job's", facts);
  }
  return new BatchSource(spec, dataset, leafHashes);
}

/** How many rows of logits have their greatest value, ties to the lowest class, at the label. */
export function countCorrect(logits: Float32Array, labels: Uint16Array, rows: number): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  for (let row = 0; row < rows; row += 1) {
    let best = 0;
    for (let index = 1; index < classes; index += 1) {
      if (logits[row * classes + index] > logits[row * classes + best]) best = index;
    }
    if (best === labels[row]) correct += 1;
  }
  return correct;
}

/**
 * Sum over rows of logits of the cross-entropy of their label, in nats. In double: it tells people
 * how good a model is and is no part of what is proved.
 */
export function sumOfLosses(logits: Float32Array, labels: Uint16Array, rows: number): number {
  const classes = logits.length / labels.length;
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const most = scores.reduce((one, other) => Math.max(one, other));
    const spread = scores.reduce((total, score) => total + Math.exp(score - most), 0);
    sum += Math.log(spread) + most - scores[labels[row]];
  }
  return sum;
}
