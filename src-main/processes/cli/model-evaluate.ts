/**
 * Decides how a model is judged on somebody's own data, without a job: read as a training would
 * read it, answered by the engine that trains here, counted as a hold-out is.
 */

import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import { importData } from "../../adapters/data-import/index.ts";
import type { ImportedData, ImportOptions } from "../../adapters/data-import/index.ts";
import { Fault } from "../../contract/outcome.ts";
import {
  formatAccuracy,
  formatCount,
  formatNumberOf,
  formatTextLoss,
} from "../../contract/units.ts";
import { compileEvaluation, encodeProgram } from "../../engine/index.ts";
import type { ImportChoice, ModelConfig } from "../../engine/index.ts";
import {
  answersPerSample,
  datasetSample,
  readDataset,
  writeAnswers,
} from "../../learning/index.ts";
import type { Dataset } from "../../learning/index.ts";
import { sumOfLosses } from "../../miner/training/batch-source.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { inputWords } from "../daemon/model-words.ts";
import { openBackend } from "../open-backend.ts";
import { CommandFailure, need } from "./failure.ts";
import { needStates, openModel } from "./open-model.ts";
import type { OpenedModel } from "./open-model.ts";
import { answer, openSession, say } from "./session.ts";

/** The options of `model evaluate`. */
export interface EvaluateOptions {
  readonly data: string;
  readonly all?: boolean;
  readonly image?: ImportChoice["image"];
  readonly json?: boolean;
}

/** Samples a run: enough for the products, small in memory. */
const BATCH = 64;

/** Samples of a data set, one after the other. */
export interface SampleRange {
  readonly first: number;
  readonly count: number;
}

/** Evaluates a model. */
export async function evaluateModel(what: string, options: EvaluateOptions): Promise<void> {
  const session = openSession(options);
  const choice = options.image === undefined ? {} : { image: options.image };
  const opened = await openModel(session, what, choice);
  const states = needStates(opened, what);
  const data = need(await importData(resolve(options.data), cutFor(opened)));
  needFitting(opened.model, data);
  const dataset = need(readDataset(data.blob));
  const { trainCount, holdoutCount, holdoutFirst } = data.header;
  const range =
    options.all === true
      ? { first: 0, count: trainCount + holdoutCount }
      : { first: holdoutFirst, count: holdoutCount };
  const backend = await openFastest((line) => say(session, line));
  const parts = { model: opened.model, states, dataset, range };
  const counted = await countAnswers(backend, parts);
  const { correct, total, losses } = counted;
  // A text is judged by its loss alone, as its hold-out is.
  const judged =
    data.kind === "text"
      ? { total, lossNats: losses / total }
      : { correct, total, accuracy: correct / total };
  const lines = answerLines(opened, data, counted, options.all === true);
  const engine = `${backend.name} (${backend.variant})`;
  answer(session, { ...judged, engine, note: data.note }, [
    ...lines,
    `Computed exactly, by ${engine}`,
  ]);
}

/** A text is cut as the model reads it; where its tokens are not known, as bytes. */
function cutFor({ model: { input }, text }: OpenedModel): ImportOptions {
  if (!("tokens" in input)) return {};
  const cut = { tokens: text?.tokens ?? "bytes", context: input.tokens };
  return text === null ? { text: cut } : { text: cut, vocabulary: text.vocabulary };
}

/** Ends the command where a model takes something else than this data. */
function needFitting(model: ModelConfig, { header }: ImportedData): void {
  const { encoding, height, width, channels, classes } = header;
  const given =
    encoding === 0
      ? { height, width, channels }
      : encoding === 1
        ? { features: width }
        : { tokens: width };
  const [takes, has] = [inputWords(model.input, model.classes), inputWords(given, classes)];
  if (takes === has) return;
  throw new CommandFailure({ code: "PROCESSES_MODEL_DATA", facts: { model: takes, data: has } });
}

/** The native engine where it is built and exact here, else the reference. */
async function openFastest(tell: (line: string) => void): Promise<EngineBackend> {
  try {
    const threads = availableParallelism();
    return await openBackend({ engine: "native-cpu", isa: null, threads });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(`No native engine (${error.message}); the reference gives the same bits, only slower.`);
    return openBackend({ engine: "reference", isa: null, threads: null });
  }
}

/** What is asked of an engine. */
export interface Evaluation {
  readonly model: ModelConfig;
  readonly states: readonly Float32Array[];
  readonly dataset: Dataset;
  readonly range: SampleRange;
}

/** What was counted over a range. */
interface Counted {
  readonly correct: number;
  /** Answers: one a sample, of a text one a token. */
  readonly total: number;
  /** Their losses together, in nats. */
  readonly losses: number;
}

/** How many samples of a range have their greatest value at their class; ties: the lowest class. */
export async function countAnswers(
  backend: EngineBackend,
  { model, states, dataset, range }: Evaluation,
): Promise<Counted> {
  const each = answersPerSample(dataset);
  // A text's scores take the square of its tokens: its own batch is enough.
  const size = Math.min("tokens" in model.input ? model.batchSize : BATCH, range.count);
  const session = await backend.open(encodeProgram(need(compileEvaluation(model, size))));
  try {
    for (const [at, values] of states.entries()) await session.upload(at, values);
    const bytes = new Uint8Array(dataset.sampleBytes * size);
    const answers = new Uint16Array(each * size);
    let correct = 0;
    let losses = 0;
    for (let first = 0; first < range.count; first += size) {
      for (let slot = 0; slot < size; slot += 1) {
        // What is beyond the end repeats the last sample and is not counted.
        const index = range.first + Math.min(first + slot, range.count - 1);
        const sample = datasetSample(dataset, index);
        bytes.set(sample, slot * dataset.sampleBytes);
        writeAnswers(dataset, sample, answers.subarray(slot * each, (slot + 1) * each));
      }
      await session.run(1, bytes);
      const rows = Math.min(size, range.count - first) * each;
      const logits = await session.output(0);
      correct += countRight(logits, answers, rows);
      losses += sumOfLosses(logits, answers, rows);
    }
    return { correct, total: range.count * each, losses };
  } finally {
    session.close();
  }
}

function countRight(logits: Float32Array, answers: Uint16Array, rows: number): number {
  const classes = logits.length / answers.length;
  let right = 0;
  for (let row = 0; row < rows; row += 1) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const best = scores.reduce((held, score, index) => (score > scores[held] ? index : held), 0);
    if (best === answers[row]) right += 1;
  }
  return right;
}

function answerLines(
  { job }: OpenedModel,
  { header, note, text }: ImportedData,
  { correct, total, losses }: Counted,
  isAll: boolean,
): string[] {
  const samples = formatNumberOf(total, "answer", "answers");
  const which = isAll ? "all samples" : "samples that a training here holds out";
  const bytes = isAll ? null : (text?.holdoutBytes ?? null);
  const right = `${formatCount(correct)} of ${samples}`;
  const judged =
    text === null
      ? `accuracy ${formatAccuracy(correct, total)} (${right}, ${which})`
      : `loss ${formatTextLoss(losses / total, total, bytes)} (${samples}, ${which})`;
  const lines = [`${header.name}: ${note}`, judged];
  if (job !== null) return lines;
  return [...lines, "Whether the model has seen these samples before is not known here."];
}
