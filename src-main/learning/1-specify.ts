/**
 * Step 1: decides what a job is. Every worker and verifier takes every hyper-parameter from these
 * canonical bytes and from nowhere else (ARCHITECTURE.md sections 5, 12 and 13).
 */

import { constrained, encode, fixedBytes, struct, text, u128, u32, u8 } from "../codec/index.ts";
import type { Codec } from "../codec/index.ts";
import type { Hasher } from "../crypto/index.ts";
import {
  BATCH_SIZE_MAX,
  MODEL_TEXT_BYTES_MAX,
  SAMPLES_MAX,
  SEGMENTS_MAX,
  STEPS_MAX,
  WINDOW_MS_MAX,
} from "./limits.ts";
import { expectDigest, domainHash } from "./domains.ts";

/** The version of a job that demands nothing of its energy; such a job keeps its bytes. */
export const SPECIFICATION_VERSION = 1;

/** The version of a job that demands an evidence level of its energy. */
export const SPECIFICATION_VERSION_ENERGY = 2;

/** The best level, A; the levels down to E are 4 to 1. */
const ENERGY_TIER_MAX = 5;

/** What a job asks for. Byte strings have 32 bytes; windows are milliseconds of commit time. */
export interface JobSpecification {
  readonly version: number;
  /** 0: `seed` is final. 1: `seed` is the owner's part and a beacon completes it. */
  readonly seedRule: number;
  readonly seed: Uint8Array;
  /** Canonical JSON of the model's config, optimizer and loss; compiled by every party itself. */
  readonly model: string;
  readonly programHash: Uint8Array;
  /** Numeric profile id: hash of definition and vectors. */
  readonly profile: Uint8Array;
  readonly datasetRoot: Uint8Array;
  readonly trainFirst: number;
  readonly trainCount: number;
  readonly holdoutFirst: number;
  readonly holdoutCount: number;
  readonly batchSize: number;
  readonly steps: number;
  /** Steps of a segment; the last one may be shorter. */
  readonly segmentLength: number;
  /** Segments a verifier replays unless it replays all. */
  readonly sampledSegments: number;
  /** Chance, in thousandths, that a verifier replays all segments. */
  readonly fullReplayPermille: number;
  /** All zero: initialised from the seed by the program. */
  readonly startRoot: Uint8Array;
  readonly sealWindowMs: number;
  readonly verdictWindowMs: number;
  readonly unitPriceBase: bigint;
  readonly unitBondBase: bigint;
  /** 0: public, the only kind so far. */
  readonly visibility: number;
  /** Least tier of the unit's energy: 0 none, 1 E, 2 D, 3 C, 4 B, 5 A. */
  readonly energyTier: number;
}

const within = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

/** What a sound specification obeys beyond its field types; the text is shown to its author. */
const RULES: readonly (readonly [string, (spec: JobSpecification) => boolean])[] = [
  ["version is 1, or 2 with an energyTier", (s) => s.version === versionFor(s.energyTier)],
  ["energyTier is 0..5", (s) => s.energyTier <= ENERGY_TIER_MAX],
  ["seedRule is 0 or 1", (s) => s.seedRule <= 1],
  ["model is not empty", (s) => s.model.length > 0],
  ["batchSize is 1..65536", (s) => within(s.batchSize, 1, BATCH_SIZE_MAX)],
  ["steps is 1..100000000", (s) => within(s.steps, 1, STEPS_MAX)],
  ["segmentLength is 1..steps", (s) => within(s.segmentLength, 1, s.steps)],
  ["at most 1023 segments", (s) => segmentCount(s) <= SEGMENTS_MAX],
  ["sampledSegments is 1..segments", (s) => within(s.sampledSegments, 1, segmentCount(s))],
  ["fullReplayPermille is at most 1000", (s) => s.fullReplayPermille <= 1000],
  [
    "training samples are within range and fill a batch",
    (s) => s.trainCount >= s.batchSize && s.trainFirst + s.trainCount <= SAMPLES_MAX,
  ],
  ["hold-out samples are within range", (s) => s.holdoutFirst + s.holdoutCount <= SAMPLES_MAX],
  [
    "training and hold-out samples do not overlap",
    (s) =>
      s.holdoutCount === 0 ||
      s.trainFirst + s.trainCount <= s.holdoutFirst ||
      s.holdoutFirst + s.holdoutCount <= s.trainFirst,
  ],
  ["sealWindowMs is 1 ms to 30 days", (s) => within(s.sealWindowMs, 1, WINDOW_MS_MAX)],
  ["verdictWindowMs is 1 ms to 30 days", (s) => within(s.verdictWindowMs, 1, WINDOW_MS_MAX)],
  ["visibility is 0", (s) => s.visibility === 0],
];

/** The first rule a specification breaks, in words; undefined when it is sound. */
export function brokenSpecificationRule(spec: JobSpecification): string | undefined {
  return RULES.find(([, holds]) => !holds(spec))?.[0];
}

/** The version that a demand makes a specification. */
export function versionFor(energyTier: number): number {
  return energyTier === 0 ? SPECIFICATION_VERSION : SPECIFICATION_VERSION_ENERGY;
}

const specificationFields = struct({
  version: u32,
  seedRule: u8,
  seed: fixedBytes(32),
  model: text(MODEL_TEXT_BYTES_MAX),
  programHash: fixedBytes(32),
  profile: fixedBytes(32),
  datasetRoot: fixedBytes(32),
  trainFirst: u32,
  trainCount: u32,
  holdoutFirst: u32,
  holdoutCount: u32,
  batchSize: u32,
  steps: u32,
  segmentLength: u32,
  sampledSegments: u32,
  fullReplayPermille: u32,
  startRoot: fixedBytes(32),
  sealWindowMs: u32,
  verdictWindowMs: u32,
  unitPriceBase: u128,
  unitBondBase: u128,
  visibility: u8,
});

/** The fields of version 1, then from version 2 on the demand. */
const versionedFields: Codec<JobSpecification> = {
  schema: specificationFields.schema,
  write: (writer, spec) => {
    specificationFields.write(writer, spec);
    if (spec.version === SPECIFICATION_VERSION_ENERGY) u8.write(writer, spec.energyTier);
  },
  read: (reader) => {
    const spec = specificationFields.read(reader);
    const demands = spec.version === SPECIFICATION_VERSION_ENERGY;
    return { ...spec, energyTier: demands ? u8.read(reader) : 0 };
  },
};

/** Canonical bytes of a specification; reading refuses (CODEC_VALUE) what breaks a rule. */
export const jobSpecificationCodec: Codec<JobSpecification> = constrained(
  versionedFields,
  (spec) => brokenSpecificationRule(spec) === undefined,
  "a specification obeys its rules (learning/1-specify)",
);

/** How many segments the steps make. */
export function segmentCount(spec: Pick<JobSpecification, "steps" | "segmentLength">): number {
  return Math.floor((spec.steps + spec.segmentLength - 1) / spec.segmentLength);
}

/** The digest that stands for a specification everywhere else. */
export function specificationHash(h: Hasher, spec: JobSpecification): Uint8Array {
  return domainHash(h, "specification", encode(jobSpecificationCodec, spec));
}

/** What a sponsored listing fixes: all but the seed and what is demanded of the energy. */
export function templateHash(h: Hasher, spec: JobSpecification): Uint8Array {
  const plain = { version: SPECIFICATION_VERSION, energyTier: 0 };
  const template = { ...spec, ...plain, seed: new Uint8Array(32) };
  return domainHash(h, "template", encode(jobSpecificationCodec, template));
}

/**
 * The specification everybody hashes and runs: under seed rule 1 the owner's seed is mixed with a
 * beacon nobody knew when the job was submitted, so a start cannot be chosen for its outcome.
 * @param beacon  32 bytes: the beacon of the commit after the one that created the job
 */
export function finalSpecification(
  h: Hasher,
  spec: JobSpecification,
  beacon: Uint8Array,
): JobSpecification {
  if (spec.seedRule === 0) return spec;
  expectDigest(beacon, "a beacon");
  return { ...spec, seedRule: 0, seed: domainHash(h, "finalSeed", spec.seed, beacon) };
}

/** Price of one million multiply-accumulates: 20 billion of them cost one VIV (a start value). */
export const PRICE_BASE_PER_MEGAMAC = 50_000_000_000_000n;

/**
 * The price of a unit: its program's fixed cost table times its steps, never time and never a
 * metric, so it can be known before and cannot be inflated by slowness.
 * @param costMacs  multiply-accumulates of one step
 */
export function unitPrice(costMacs: bigint, steps: number): bigint {
  return (costMacs * BigInt(steps) * PRICE_BASE_PER_MEGAMAC) / 1_000_000n;
}
