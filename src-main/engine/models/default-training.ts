/**
 * Decides how a person's own data is trained when nothing else is asked for: which network, how
 * many steps, what learning rate. A pure function of what the data set's header says, so that
 * everybody who reads the header finds the same model.
 */
import { accept, invariant } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { compileTraining } from "../compile.ts";
import { ENCODING } from "../ops/load.ts";
import { linearSchedule } from "../optimizers/schedule-table.ts";
import { opCost } from "../program/cost.ts";
import type { Program } from "../program/program.ts";
import { defaultCnnLayers } from "./default-cnn.ts";
import { defaultGptLayers, FEW_TOKENS } from "./default-gpt.ts";
import type { GptSize } from "./default-gpt.ts";
import { defaultMlpLayers } from "./default-mlp.ts";
import type { AdamW, ModelConfig } from "./model-config.ts";

/** What a data set's header says about its samples; `DatasetHeader` of learning is one. */
export interface DataShape {
  /** 0: bytes of images. 1: f32 features, one row of `width`. 2, 3: texts of `width` tokens. */
  readonly encoding: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  readonly trainCount: number;
}

/** A model and how long it is trained. */
export interface DefaultTraining {
  readonly model: ModelConfig;
  readonly steps: number;
  /** Passes over the training samples, to one decimal place. */
  readonly epochs: number;
}

/** Passes over the data: enough for a first result, short enough to wait for. */
const EPOCHS = 5;

/** Few samples are passed more often: 5 passes over iris are 43 updates and teach nothing. */
const STEPS_MIN = { images: 600, tables: 1_500, texts: 1_000 } as const;

/** Seconds on two cores; a longer training must be asked for. */
const SECONDS_MAX = 600;

/** Multiply-accumulates of products, and elements of all other ops, a second on two cores. */
const PRODUCTS_A_SECOND = 25e9;
const ELEMENTS_A_SECOND = 2e9;

const PRODUCT_OPS: ReadonlySet<string> = new Set([
  "matmul",
  "batch-matmul",
  "conv2d",
  "conv2d-gradient-input",
  "conv2d-gradient-filter",
]);

/** Below it a network learns samples by heart, which strong decay hinders. */
const FEW_SAMPLES = 2_000;
const DECAY_FEW = 1;
const DECAY_MANY = 0.01;

/** The rate rises over a tenth of the steps, then falls to a twentieth of its peak. */
const RATE_PEAK = { images: 0.002, tables: 0.005, texts: 0.003 } as const;
const WARM_UP_SHARE = 10;
const LAST_SHARE = 20;

/** Entries of the table between two corners: finer ones change no accuracy, only the text. */
const TABLE_ENTRIES = 20;

/** A text's gradient is of many tokens, most of them common: it is averaged over fewer steps. */
const BETA2 = { images: 0.999, tables: 0.999, texts: 0.99 } as const;

/** A few tokens of a text can turn a step of many: the gradient's norm is bounded (GPT-2). */
const TEXT_CLIP_NORM = 1;

/** Tokens of a text in a step: as many answers, in more blocks where those are shorter. */
const TEXT_TOKENS = 2_048;

/** A larger network that makes as many steps learns more of a long text than a small one's more. */
const TEXT_STEPS_ENOUGH = 1_500;

type Kind = keyof typeof STEPS_MIN;

function kindOf({ input }: Pick<ModelConfig, "input">): Kind {
  if ("tokens" in input) return "texts";
  return "features" in input ? "tables" : "images";
}

/** Samples a step: more of them once there are many, never more than there are. */
function batchSizeOf({ encoding, trainCount, width }: DataShape): number {
  const wanted = trainCount < 1_000 ? 16 : trainCount < 20_000 ? 32 : 64;
  const blocks = Math.max(1, Math.floor(TEXT_TOKENS / width));
  return Math.min(isText(encoding) ? blocks : wanted, trainCount);
}

function isText(encoding: number): boolean {
  return encoding === ENCODING.byteTokens || encoding === ENCODING.wordTokens;
}

/** Whether the data is little enough to be learned by heart. */
function isFew({ encoding, trainCount, width }: DataShape): boolean {
  return isText(encoding) ? trainCount * width < FEW_TOKENS : trainCount < FEW_SAMPLES;
}

function optimizerFor(kind: Kind, data: DataShape, steps: number): AdamW {
  const warm = Math.floor(steps / WARM_UP_SHARE);
  const rate = RATE_PEAK[kind];
  const peak = { step: 1 + warm, rate };
  const rise = warm > 0 ? [{ step: 1, rate: rate / LAST_SHARE }] : [];
  const fall = steps > peak.step ? [{ step: steps, rate: rate / LAST_SHARE }] : [];
  return {
    type: "adam-w",
    beta1: 0.9,
    beta2: BETA2[kind],
    epsilon: 1e-8,
    weightDecay: isFew(data) ? DECAY_FEW : DECAY_MANY,
    schedule: linearSchedule([...rise, peak, ...fall], TABLE_ENTRIES),
  };
}

/** Seconds of one step on two cores, roughly: products and everything else apart. */
export function estimatedStepSeconds(program: Program): number {
  let products = 0;
  let elements = 0;
  for (const record of program.ops) {
    const cost = opCost(program, record);
    if (PRODUCT_OPS.has(record.op)) products += cost;
    else elements += cost;
  }
  return products / PRODUCTS_A_SECOND + elements / ELEMENTS_A_SECOND;
}

function inputOf({ encoding, height, width, channels }: DataShape): ModelConfig["input"] {
  if (isText(encoding)) return { tokens: width };
  return encoding === ENCODING.floats ? { features: width } : { height, width, channels };
}

function modelOf(data: DataShape, layers: ModelConfig["layers"], steps: number): ModelConfig {
  const input = inputOf(data);
  const kind = kindOf({ input });
  return {
    input,
    classes: data.classes,
    batchSize: batchSizeOf(data),
    layers,
    loss: "softmax-cross-entropy",
    optimizer: optimizerFor(kind, data, steps),
    ...(kind === "texts" ? { clipNorm: TEXT_CLIP_NORM } : {}),
  };
}

/**
 * How many steps a model is trained where nobody says: 5 passes, at least 600 steps (1,500 for a
 * table, whose steps are short; 1,000 for a text), cut to what ten minutes on two cores hold.
 * @rejects the codes of `compileTraining`
 */
export function defaultSteps(model: ModelConfig, trainCount: number): Outcome<number> {
  const program = compileTraining(model);
  if (!program.ok) return program;
  const most = Math.floor(SECONDS_MAX / estimatedStepSeconds(program.value));
  return accept(Math.max(1, Math.min(wantedSteps(model, trainCount), most)));
}

function wantedSteps(model: ModelConfig, trainCount: number): number {
  const { batchSize } = model;
  const passes = Math.floor((EPOCHS * trainCount + batchSize - 1) / batchSize);
  return Math.max(STEPS_MIN[kindOf(model)], passes);
}

/** Steps that a network must make in the time, or a narrower one is tried. */
function stepsEnough(model: ModelConfig, trainCount: number): number {
  const wanted = wantedSteps(model, trainCount);
  return kindOf(model) === "texts" ? Math.min(TEXT_STEPS_ENOUGH, wanted) : wanted;
}

/** The networks offered for the data, widest first. */
function networksFor(data: DataShape, size: GptSize | undefined): readonly ModelConfig["layers"][] {
  if (isText(data.encoding)) return defaultGptLayers(data, size);
  return data.encoding === ENCODING.floats ? defaultMlpLayers(data) : defaultCnnLayers(data);
}

/**
 * The default training of a data set: a CNN for images, an MLP for tables, a small GPT for texts.
 * Networks are tried from the widest down until one makes all its steps in ten minutes, of a text
 * 1,500; where even the narrowest does not, its steps are cut.
 * @param data   sides of 1 to 64, 1 to a few thousand features, or 1 to 1,024 tokens; classes ≥ 2,
 *               trainCount ≥ 1
 * @param steps  the person's own number of steps, which the time does not limit
 * @param size   of a text's network, where the person says it
 */
export function defaultTraining(data: DataShape, steps?: number, size?: GptSize): DefaultTraining {
  invariant(data.trainCount >= 1 && data.classes >= 2, "there is something to tell apart");
  const networks = networksFor(data, size);
  let model = modelOf(data, networks[0], 1);
  let taken = 0;
  for (const layers of networks) {
    model = modelOf(data, layers, 1);
    const offered = defaultSteps(model, data.trainCount);
    invariant(offered.ok, "a default model compiles");
    taken = steps ?? offered.value;
    if (offered.value >= stepsEnough(model, data.trainCount)) break;
  }
  const epochs = Math.floor((10 * taken * model.batchSize) / data.trainCount + 0.5) / 10;
  return { model: modelOf(data, model.layers, taken), steps: taken, epochs };
}
