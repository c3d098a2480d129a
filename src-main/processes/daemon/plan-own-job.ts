/**
 * Decides what is trained on the owner's data and for how long: a model that fits the data, five
 * passes over it, but neither fewer steps than anything can be learned in nor, by estimate, more
 * than ten minutes here. What the owner asks for goes before all of this.
 */

import type { OwnData, QuoteParams, StepsRule } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { compileTraining, stepCost } from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { buildSpecification } from "../../miner/index.ts";
import { chooseModel, readOwnModel } from "./choose-model.ts";
import type { ImportedSet } from "./import-messages.ts";

/** Passes over the training data when nothing else is asked for. */
const EPOCHS = 5;

/** Fewest steps that are chosen here: a table of a hundred rows has no more than 4 in a pass. */
const STEPS_LEAST = 300;

/** Longest training that is chosen here, by estimate. */
const TRAIN_MS_MOST = 600_000;

/** Most steps there are (learning/limits). */
const STEPS_MOST = 100_000_000;

/** What a job on own data would be. */
export interface OwnJobPlan {
  readonly model: ModelConfig;
  /** True where the model was chosen here. */
  readonly modelChosen: boolean;
  readonly steps: number;
  readonly stepsRule: StepsRule;
  /** About how long the training takes here. */
  readonly trainMs: number;
  /** With a seed of zeros; the order puts a drawn one in. */
  readonly specification: JobSpecification;
}

/** How long a step of so many multiply-accumulates takes here, about. */
export type StepTime = (macs: number) => number;

/**
 * Plans a job.
 * @rejects PROCESSES_MODEL_DATA, ENGINE_MODEL_*, ENGINE_SHAPE, ENGINE_LIMIT
 */
export function planOwnJob(
  hasher: Hasher,
  set: ImportedSet,
  asked: Pick<QuoteParams, "epochs" | "model" | "steps">,
  stepTime: StepTime,
): Outcome<OwnJobPlan> {
  const chosen = stepsOf(set.data, asked, batchSizeOf(set.data), null);
  const read =
    asked.model === null
      ? chooseModel(set, { batchSize: batchSizeOf(set.data), steps: chosen.steps })
      : readOwnModel(asked.model, set);
  if (!read.ok) return read;
  const program = compileTraining(read.value);
  if (!program.ok) return program;
  const stepMs = stepTime(stepCost(program.value));
  const { steps, stepsRule } = stepsOf(set.data, asked, read.value.batchSize, stepMs);
  // A learning-rate table is drawn up for a number of steps, so a shorter training has its own.
  const model =
    asked.model !== null || steps === chosen.steps
      ? read
      : chooseModel(set, { batchSize: batchSizeOf(set.data), steps });
  if (!model.ok) return model;
  return accept({
    model: model.value,
    modelChosen: asked.model === null,
    steps,
    stepsRule,
    trainMs: steps * stepMs,
    specification: buildSpecification(hasher, {
      model: model.value,
      steps,
      datasetRoot: set.root,
      trainFirst: set.trainFirst,
      trainCount: set.data.trainCount,
      holdoutFirst: set.holdoutFirst,
      holdoutCount: set.data.holdoutCount,
      seed: new Uint8Array(32),
    }),
  });
}

/** Samples of a batch: 32, or as many as a small set has. */
function batchSizeOf({ trainCount }: OwnData): number {
  return Math.min(32, trainCount);
}

/** The number of steps; `stepMs` null leaves the time out of it. */
function stepsOf(
  { trainCount }: OwnData,
  { steps, epochs }: Pick<QuoteParams, "epochs" | "steps">,
  batchSize: number,
  stepMs: number | null,
): { readonly steps: number; readonly stepsRule: StepsRule } {
  const inEpochs = (count: number) => Math.max(1, Math.round((count * trainCount) / batchSize));
  if (steps !== null) return { steps, stepsRule: "asked" };
  if (epochs !== null) {
    return { steps: Math.min(STEPS_MOST, inEpochs(epochs)), stepsRule: "asked" };
  }
  const usual = inEpochs(EPOCHS);
  const wanted = Math.max(usual, STEPS_LEAST);
  const most = stepMs === null ? wanted : Math.max(1, Math.floor(TRAIN_MS_MOST / stepMs));
  if (most < wanted) return { steps: most, stepsRule: "time" };
  return { steps: wanted, stepsRule: usual < STEPS_LEAST ? "least" : "epochs" };
}
