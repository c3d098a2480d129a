/**
 * Decides what a submitted job looks like: some 57 segments and the least sample of them that
 * meets a single wrong one with 10 % and a tenth wrong with 20 % (ARCHITECTURE.md section 8).
 */

import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  compileTraining,
  modelText,
  profileId,
  programHash,
  stepCost,
} from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import {
  brokenSpecificationRule,
  detectionOdds,
  segmentCount,
  unitPrice,
  versionFor,
} from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";

/** Segments aimed at: 3 of 57 with 5 % full replays meet a single wrong one with exactly 10 %. */
const SEGMENTS = 57;

/** Least segments of a unit that has as many steps (ARCHITECTURE.md section 8). */
const SEGMENTS_MIN = 50;

/** Detection of one wrong segment, and of a tenth of them, at least: thousandths. */
const DETECTION_SINGLE_PERMILLE = 100n;
const DETECTION_TENTH_PERMILLE = 200n;

/** Thousandths of units replayed in full. */
const FULL_REPLAY_PERMILLE = 50;

/** Bond of a unit, in prices (ARCHITECTURE.md section 8). */
const BOND_PRICES = 10n;

/** Commit time a worker has to train and seal. */
const SEAL_WINDOW_MS = 86_400_000;

/** Commit time each further message may take. */
const VERDICT_WINDOW_MS = 3_600_000;

/** What its owner decides about a job. */
export interface JobPlan {
  readonly model: ModelConfig;
  readonly steps: number;
  readonly datasetRoot: Uint8Array;
  readonly trainFirst: number;
  readonly trainCount: number;
  readonly holdoutFirst: number;
  readonly holdoutCount: number;
  /** The owner's part of the seed, or with `finalSeed` all of it; 32 bytes. */
  readonly seed: Uint8Array;
  /** True where the seed is not mixed with a beacon: to repeat a known unit. */
  readonly finalSeed?: boolean;
  /** Other segments than the policy's, for tests and short units. */
  readonly segments?: number;
  readonly sampledSegments?: number;
  readonly fullReplayPermille?: number;
  /** Least tier of what a unit costs: 0 (nothing is asked) to 5 (A). */
  readonly energyTier?: number;
}

/** Steps of a segment: the longest that still leaves enough segments. */
function segmentLengthOf({ steps, segments = SEGMENTS }: JobPlan): number {
  const length = Math.ceil(steps / segments);
  const enough = segmentCount({ steps, segmentLength: length }) >= Math.min(segments, SEGMENTS_MIN);
  return enough ? length : Math.max(1, Math.floor(steps / segments));
}

/** The smallest sample that meets both bounds on detection. */
function leastSample(
  policy: Pick<JobSpecification, "steps" | "segmentLength" | "fullReplayPermille">,
): number {
  const count = segmentCount(policy);
  const met = (sampledSegments: number, wrong: number, permille: bigint): boolean => {
    const odds = detectionOdds({ ...policy, sampledSegments }, wrong);
    return odds.numerator * 1000n >= odds.denominator * permille;
  };
  let sample = 1;
  while (
    sample < count &&
    !(
      met(sample, 1, DETECTION_SINGLE_PERMILLE) &&
      met(sample, Math.ceil(count / 10), DETECTION_TENTH_PERMILLE)
    )
  ) {
    sample += 1;
  }
  return sample;
}

/**
 * The specification of a plan.
 * Throws Fault MINER_JOB with the reason when model or numbers are not sound.
 */
export function buildSpecification(h: Hasher, plan: JobPlan): JobSpecification {
  const program = compileTraining(plan.model);
  if (!program.ok) {
    const { code, facts } = program.rejection;
    throw new Fault("MINER_JOB", `the model does not compile: ${code}`, { ...facts, reason: code });
  }
  const segmentLength = segmentLengthOf(plan);
  const fullReplayPermille = plan.fullReplayPermille ?? FULL_REPLAY_PERMILLE;
  const policy = { steps: plan.steps, segmentLength, fullReplayPermille };
  const price = unitPrice(BigInt(stepCost(program.value)), plan.steps);
  const spec: JobSpecification = {
    version: versionFor(plan.energyTier ?? 0),
    seedRule: plan.finalSeed === true ? 0 : 1,
    seed: plan.seed,
    model: modelText(plan.model),
    programHash: programHash(h, program.value),
    profile: profileId(h),
    datasetRoot: plan.datasetRoot,
    trainFirst: plan.trainFirst,
    trainCount: plan.trainCount,
    holdoutFirst: plan.holdoutFirst,
    holdoutCount: plan.holdoutCount,
    batchSize: plan.model.batchSize,
    steps: plan.steps,
    segmentLength,
    sampledSegments: plan.sampledSegments ?? leastSample(policy),
    fullReplayPermille,
    startRoot: new Uint8Array(32),
    sealWindowMs: SEAL_WINDOW_MS,
    verdictWindowMs: VERDICT_WINDOW_MS,
    unitPriceBase: price,
    unitBondBase: BOND_PRICES * price,
    visibility: 0,
    energyTier: plan.energyTier ?? 0,
  };
  const broken = brokenSpecificationRule(spec);
  if (broken !== undefined) throw new Fault("MINER_JOB", `the job is not sound: ${broken}`);
  return spec;
}
