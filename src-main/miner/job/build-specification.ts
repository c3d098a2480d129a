/**
 * Decides what a submitted job looks like: sixty segments, four of them sampled, so a single
 * wrong one is met with more than 11 % and a tenth wrong with more than 35 % (learning/5).
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
import { brokenSpecificationRule, unitPrice } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";

/** Segments of a unit; fewer where the job has fewer steps. */
const SEGMENTS = 60;

/** Segments sampled: 4 of 60 with 5 % full replays meet a single wrong one with 11.3 %. */
const SAMPLED_SEGMENTS = 4;

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
  const segmentLength = Math.ceil(plan.steps / (plan.segments ?? SEGMENTS));
  const segments = Math.ceil(plan.steps / segmentLength);
  const price = unitPrice(BigInt(stepCost(program.value)), plan.steps);
  const spec: JobSpecification = {
    version: 1,
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
    sampledSegments: Math.min(plan.sampledSegments ?? SAMPLED_SEGMENTS, segments),
    fullReplayPermille: plan.fullReplayPermille ?? FULL_REPLAY_PERMILLE,
    startRoot: new Uint8Array(32),
    sealWindowMs: SEAL_WINDOW_MS,
    verdictWindowMs: VERDICT_WINDOW_MS,
    unitPriceBase: price,
    unitBondBase: BOND_PRICES * price,
    visibility: 0,
  };
  const broken = brokenSpecificationRule(spec);
  if (broken !== undefined) throw new Fault("MINER_JOB", `the job is not sound: ${broken}`);
  return spec;
}
