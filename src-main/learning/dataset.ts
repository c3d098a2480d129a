/**
 * Decides what a data set blob is: a u32 length and that many bytes of canonical header, then
 * fixed-size decoded samples (ARCHITECTURE.md section 12, "Data set blob"). The blob travels by
 * its SHA-256; a job names its root, so any sample can be proved alone.
 */

import { constrained, decode, encode, struct, text, u32 } from "../codec/index.ts";
import type { Codec } from "../codec/index.ts";
import { concatBytes } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { leafHash, rootFromLeafHashes } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";
import { ENCODING, encodedSampleBytes, firstNonFinite } from "../engine/ops/load.ts";
import { DATASET_HEADER_BYTES_MAX, SAMPLE_BYTES_MAX, SAMPLES_MAX } from "./limits.ts";
import { u32Bytes } from "./domains.ts";

/**
 * What the samples are. Encoding 0, images: height·width·channels u8 features, then one u8 label.
 * Encoding 1, tables: width little-endian f32 features (height and channels are 1), then one u8
 * label. Encodings 2 and 3, text: width + 1 tokens of one byte, or of two, little-endian (height
 * and channels are 1); classes is the vocabulary.
 */
export interface DatasetHeader {
  readonly version: number;
  readonly encoding: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  readonly sampleCount: number;
  readonly trainFirst: number;
  readonly trainCount: number;
  readonly holdoutFirst: number;
  readonly holdoutCount: number;
  readonly name: string;
  readonly licenceNote: string;
}

/** A data set in memory: its header and its samples, joined. */
export interface Dataset {
  readonly header: DatasetHeader;
  readonly sampleBytes: number;
  /** `sampleCount` samples of `sampleBytes` each. */
  readonly samples: Uint8Array;
}

/** Labels that the bytes of one can tell apart. */
const classesMax = ({ encoding }: DatasetHeader): number =>
  encoding === ENCODING.wordTokens ? 65_536 : 256;

const datasetHeaderCodec: Codec<DatasetHeader> = constrained(
  struct({
    version: u32,
    encoding: u32,
    height: u32,
    width: u32,
    channels: u32,
    classes: u32,
    sampleCount: u32,
    trainFirst: u32,
    trainCount: u32,
    holdoutFirst: u32,
    holdoutCount: u32,
    name: text(64),
    licenceNote: text(1024),
  }),
  (header) =>
    header.version === 1 &&
    header.encoding <= ENCODING.wordTokens &&
    (header.encoding === ENCODING.bytes || (header.height === 1 && header.channels === 1)) &&
    header.sampleCount <= SAMPLES_MAX &&
    header.classes >= 1 &&
    header.classes <= classesMax(header) &&
    sampleBytesOf(header) <= SAMPLE_BYTES_MAX &&
    header.trainFirst + header.trainCount <= header.sampleCount &&
    header.holdoutFirst + header.holdoutCount <= header.sampleCount,
  "a data set header is of version 1 and encoding 0 to 3 and its ranges lie within its samples",
);

const featuresOf = ({ height, width, channels }: DatasetHeader): number =>
  height * width * channels;

/** Bytes of one sample: the features and one label, or one token more. */
function sampleBytesOf(header: DatasetHeader): number {
  return encodedSampleBytes(header.encoding, featuresOf(header));
}

/** Index of the first feature that is no finite number, or -1. */
function nonFiniteFeature(header: DatasetHeader, samples: Uint8Array): number {
  return header.encoding === ENCODING.floats ? firstNonFinite(samples, featuresOf(header)) : -1;
}

/** The blob of a data set; whoever imports data refuses NaN and infinities before. */
export function packDataset(header: DatasetHeader, samples: Uint8Array): Uint8Array {
  invariant(samples.length === header.sampleCount * sampleBytesOf(header), "all samples are there");
  invariant(nonFiniteFeature(header, samples) < 0, "features are finite numbers");
  const head = encode(datasetHeaderCodec, header);
  return concatBytes(u32Bytes(head.length), head, samples);
}

/**
 * Reads a blob; the samples are a view of it.
 * @rejects LEARNING_DATASET with the fact what is wrong
 */
export function readDataset(blob: Uint8Array): Outcome<Dataset> {
  if (blob.length < 4) return reject("LEARNING_DATASET", { rule: "has a header" });
  const size = new DataView(blob.buffer, blob.byteOffset, 4).getUint32(0, true);
  if (size > DATASET_HEADER_BYTES_MAX || size > blob.length - 4) {
    return reject("LEARNING_DATASET", { rule: "the header lies within the blob" });
  }
  const header = decode(datasetHeaderCodec, blob.subarray(4, 4 + size));
  if (!header.ok) return reject("LEARNING_DATASET", { rule: "the header is canonical" });
  const sampleBytes = sampleBytesOf(header.value);
  const samples = blob.subarray(4 + size);
  if (samples.length !== sampleBytes * header.value.sampleCount) {
    return reject("LEARNING_DATASET", { rule: "the samples fill the blob" });
  }
  // A peer's blob: the engine refuses such a batch, but then a job has been taken on.
  const wrong = nonFiniteFeature(header.value, samples);
  if (wrong >= 0) {
    const sample = Math.floor(wrong / featuresOf(header.value));
    return reject("LEARNING_DATASET", { rule: "features are finite numbers", sample });
  }
  return accept({ header: header.value, sampleBytes, samples });
}

/** One sample, as a view. */
export function datasetSample(dataset: Dataset, index: number): Uint8Array {
  invariant(index >= 0 && index < dataset.header.sampleCount, "the sample is in the data set");
  return dataset.samples.subarray(index * dataset.sampleBytes, (index + 1) * dataset.sampleBytes);
}

/** Answers that a model gives for each sample: one, of a text one a token. */
export function answersPerSample({ header }: Dataset): number {
  const isText = header.encoding === ENCODING.byteTokens || header.encoding === ENCODING.wordTokens;
  return isText ? featuresOf(header) : 1;
}

/** Writes the right answers of a sample: its label, of a text the token after each one. */
export function writeAnswers({ header }: Dataset, sample: Uint8Array, answers: Uint16Array): void {
  const tokenBytes = header.encoding === ENCODING.wordTokens ? 2 : 1;
  const first = sample.length - tokenBytes * answers.length;
  for (let at = 0; at < answers.length; at += 1) {
    const place = first + tokenBytes * at;
    answers[at] = sample[place] + (tokenBytes === 2 ? 256 * sample[place + 1] : 0);
  }
}

/** RFC 9162 leaf hashes of all samples, in order; chain and root are both made of them. */
export function datasetLeafHashes(h: Hasher, dataset: Dataset): Uint8Array[] {
  return Array.from({ length: dataset.header.sampleCount }, (_, index) =>
    leafHash(h, datasetSample(dataset, index)),
  );
}

/** The data set root of a job specification, from `datasetLeafHashes`. */
export function datasetRoot(h: Hasher, leafHashes: readonly Uint8Array[]): Uint8Array {
  return rootFromLeafHashes(h, leafHashes);
}
