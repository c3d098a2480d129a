/**
 * Decides what is trained on the owner's data and for how long: the engine's default for the data,
 * cut to about ten minutes on this machine, or what the owner asks for, which nothing cuts.
 */

import type { OwnData, QuoteParams, StepsRule } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount } from "../../contract/units.ts";
import type { Hasher } from "../../crypto/index.ts";
import { compileTraining, defaultSteps, defaultTraining, parseModel } from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { buildSpecification } from "../../miner/index.ts";
import type { ImportedSet } from "./import-messages.ts";
import { inputWords } from "./model-words.ts";
import type { StepTime } from "./step-time.ts";
import { gptSize } from "./text-wishes.ts";

/** Passes over the training data when nothing else is asked for; the engine's own number. */
const EPOCHS = 5;

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

/** How long the owner wants to train (at most one of them is set), and how large a network. */
type Asked = Pick<QuoteParams, "epochs" | "steps" | "text">;

/**
 * Plans a job.
 * @rejects PROCESSES_MODEL_DATA, PROCESSES_NOT_TEXT, ENGINE_MODEL_* and the codes of
 *   `compileTraining`
 */
export function planOwnJob(
  hasher: Hasher,
  set: ImportedSet,
  asked: Asked & Pick<QuoteParams, "model"> & Partial<Pick<QuoteParams, "energyTier">>,
  stepTime: StepTime,
): Outcome<OwnJobPlan> {
  if (asked.text !== null && set.data.kind !== "text") {
    return reject("PROCESSES_NOT_TEXT", { data: set.data.name });
  }
  const chosen = asked.model === null ? chooseTraining(set, asked) : ownTraining(set, asked);
  if (!chosen.ok) return chosen;
  const program = compileTraining(chosen.value.model);
  if (!program.ok) return program;
  const stepMs = stepTime(program.value);
  const isFree = asked.steps === null && asked.epochs === null;
  const most = isFree ? Math.max(1, Math.floor(TRAIN_MS_MOST / stepMs)) : STEPS_MOST;
  const steps = Math.min(chosen.value.steps, most);
  // A default's learning-rate table is drawn up for its steps, so fewer steps have another.
  const isCut = asked.model === null && steps < chosen.value.steps;
  const model = isCut
    ? defaultTraining(shapeOf(set), steps, gptSize(asked)).model
    : chosen.value.model;
  return accept({
    model,
    modelChosen: asked.model === null,
    steps,
    stepsRule: isFree ? ruleOf(steps, passes(EPOCHS, set.data, model)) : "asked",
    trainMs: steps * stepMs,
    specification: buildSpecification(hasher, {
      model,
      steps,
      datasetRoot: set.root,
      trainFirst: set.trainFirst,
      trainCount: set.data.trainCount,
      holdoutFirst: set.holdoutFirst,
      holdoutCount: set.data.holdoutCount,
      seed: new Uint8Array(32),
      energyTier: asked.energyTier ?? 0,
    }),
  });
}

/** A model and its steps. */
interface Training {
  readonly model: ModelConfig;
  readonly steps: number;
}

/** The engine's default for the data; its own steps unless some are asked for. */
function chooseTraining(set: ImportedSet, asked: Asked): Outcome<Training> {
  const { epochs, steps } = asked;
  const shape = shapeOf(set);
  const size = gptSize(asked);
  const usual = defaultTraining(shape, steps ?? undefined, size);
  if (epochs === null) return accept(usual);
  return accept(defaultTraining(shape, passes(epochs, set.data, usual.model), size));
}

/** The owner's model, if it is one and takes this data. */
function ownTraining(
  { data, encoding }: ImportedSet,
  asked: Asked & Pick<QuoteParams, "model">,
): Outcome<Training> {
  const model = parseModel(asked.model ?? "");
  if (!model.ok) return model;
  const { batchSize, classes, input } = model.value;
  const { height, width, channels } = data;
  const pixels = encoding === 1 ? { features: width } : { height, width, channels };
  const given = data.kind === "text" ? { tokens: width } : pixels;
  const takes = inputWords(input, classes);
  const has = inputWords(given, data.classes);
  if (takes !== has) return reject("PROCESSES_MODEL_DATA", { model: takes, data: has });
  if (batchSize > data.trainCount) {
    const batches = `batches of ${formatCount(batchSize)}`;
    const samples = `${formatCount(data.trainCount)} training samples`;
    return reject("PROCESSES_MODEL_DATA", { model: batches, data: samples });
  }
  if (asked.steps !== null) return accept({ model: model.value, steps: asked.steps });
  if (asked.epochs !== null) {
    return accept({ model: model.value, steps: passes(asked.epochs, data, model.value) });
  }
  const steps = defaultSteps(model.value, data.trainCount);
  return steps.ok ? accept({ model: model.value, steps: steps.value }) : steps;
}

/** Steps that pass over the training data so many times. */
function passes(count: number, { trainCount }: OwnData, { batchSize }: ModelConfig): number {
  return Math.min(STEPS_MOST, Math.max(1, Math.ceil((count * trainCount) / batchSize)));
}

function ruleOf(steps: number, usual: number): StepsRule {
  if (steps === usual) return "epochs";
  return steps < usual ? "time" : "least";
}

function shapeOf({ data, encoding }: ImportedSet): Parameters<typeof defaultTraining>[0] {
  return { ...data, encoding };
}
