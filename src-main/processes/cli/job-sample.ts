/**
 * Decides how a trained model writes: token after token, each drawn from what the model gives the
 * tokens it sees, by a generator that begins at a stated number, so the same words come again.
 */

import { availableParallelism } from "node:os";

import { InvalidArgumentError } from "commander";
import type { Command } from "commander";

import { openTextTable } from "../../adapters/data-import/index.ts";
import type { TextTable } from "../../adapters/data-import/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { Fault } from "../../contract/outcome.ts";
import {
  compileEvaluation,
  compileTraining,
  decodeState,
  encodeProgram,
  parseModel,
  philox,
  sampleBytes,
  stateMapping,
} from "../../engine/index.ts";
import type { ModelConfig } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { openBackend } from "../open-backend.ts";
import { CommandFailure, need } from "./failure.ts";
import { readHeld, readKept } from "./job-fetch.ts";
import { readWithin } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { describeWeights } from "./weights-manifest.ts";

/** Most tokens that are written at once; each is a whole forward pass. */
const LENGTH_MAX = 10_000;
const LENGTH_USUAL = 200;

/** A seed is one 32-bit word of the generator's key. */
const SEED_MAX = 4_294_967_295;

/** Below 1 the likely becomes likelier; most people find the texts at 0.8 best. */
const TEMPERATURE_USUAL = 0.8;
const TEMPERATURE_MAX = 10;

const LENGTH = readWithin("length", { least: 1, most: LENGTH_MAX });
const SEED = readWithin("seed", { least: 0, most: SEED_MAX });

/** The options of `job sample`. */
interface SampleOptions {
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Kinds of tokens that one byte holds. */
const BYTE_KINDS = 256;

/** A trained model that reads text. */
interface Writer {
  readonly model: ModelConfig;
  /** Of the forward pass. */
  readonly states: readonly Float32Array[];
  readonly table: TextTable;
  /** Tokens it sees before it foretells one. */
  readonly context: number;
}

/** Adds the verb. */
export function addSample(job: Command): void {
  job
    .command("sample")
    .argument("<job>", "the id of a paid job on text, or its first digits")
    .description("let a trained model write on from a text")
    .option("--prompt <text>", "text to go on from", " ")
    .option("--length <tokens>", "how many tokens to write", LENGTH, LENGTH_USUAL)
    .option("--temperature <number>", "0 takes the likeliest", readTemperature, TEMPERATURE_USUAL)
    .option("--seed <number>", "other numbers draw other texts", SEED, 1)
    .option("--json", "answer as JSON")
    .action((id: string, options: SampleOptions) => sampleJob(id.toLowerCase(), options));
}

function readTemperature(text: string): number {
  const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= TEMPERATURE_MAX) return value;
  throw new InvalidArgumentError(`A temperature is a number from 0 to ${TEMPERATURE_MAX}.`);
}

/** Lets a paid job's model go on from a text. */
async function sampleJob(job: string, options: SampleOptions): Promise<void> {
  const session = openSession(options);
  await withDaemon(session, async (client) => {
    const weights = need(await client.call("job.weights", { job }));
    const bytes = readHeld(weights.file);
    // The same check as `job fetch`: the bytes are those whose root the ledger names.
    const manifest = need(
      describeWeights(nativeSha256, weights, bytes, readKept(weights.dataFile)),
    );
    const { text } = manifest.data;
    if (text === null) throw new CommandFailure({ code: "PROCESSES_NO_WRITER" });
    const model = need(parseModel(weights.model));
    const training = need(compileTraining(model));
    const trained = need(decodeState(training, bytes));
    const forward = need(compileEvaluation(model, 1));
    const states = stateMapping(training, forward).map((at) => trained[at]);
    const table = await openTextTable(text.tokens, text.vocabulary);
    const written = await write({ model, states, table, context: text.context }, options);
    answer(session, { prompt: options.prompt, text: written }, [`${options.prompt}${written}`]);
  });
}

/** What the model writes after the prompt. Throws PROCESSES_PROMPT. */
async function write(writer: Writer, options: SampleOptions): Promise<string> {
  const { model, states, table } = writer;
  const tokens = [...(table.encode(options.prompt) ?? [])];
  if (tokens.length === 0) throw new CommandFailure({ code: "PROCESSES_PROMPT" });
  const backend = await openFastest();
  const session = await backend.open(encodeProgram(need(compileEvaluation(model, 1))));
  const text = new TextDecoder();
  let written = "";
  try {
    for (const [at, values] of states.entries()) await session.upload(at, values);
    for (let at = 0; at < options.length; at += 1) {
      const scores = await scoresAfter(session, writer, tokens);
      const token = drawn(scores, options.temperature, randomShare(options.seed, at));
      tokens.push(token);
      written += text.decode(table.decode(token), { stream: true });
    }
  } finally {
    session.close();
  }
  return written + text.decode();
}

/** The scores of what follows the tokens: of the last ones, as many as the model sees. */
async function scoresAfter(
  session: EngineSession,
  { model, context }: Writer,
  tokens: readonly number[],
): Promise<Float32Array> {
  const seen = tokens.slice(-context);
  const bytes = new Uint8Array(sampleBytes(model));
  // What follows a token has no say in what is foretold after it, so the rest may stay zero.
  for (const [at, token] of seen.entries()) {
    if (model.classes <= BYTE_KINDS) bytes[at] = token;
    else bytes.set([token & 0xff, token >> 8], 2 * at);
  }
  await session.run(1, bytes);
  const logits = await session.output(0);
  return logits.subarray((seen.length - 1) * model.classes, seen.length * model.classes);
}

/** One token, by the softmax of the scores over the temperature; temperature 0 takes the best. */
export function drawn(scores: Float32Array, temperature: number, share: number): number {
  const best = scores.reduce((most, score, at) => (score > scores[most] ? at : most), 0);
  if (temperature === 0) return best;
  const weights = Array.from(scores, (score) => Math.exp((score - scores[best]) / temperature));
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [token, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return token;
  }
  return best;
}

/** A number from 0 to below 1 for each token, the same for the same seed. */
function randomShare(seed: number, at: number): number {
  return philox([at, 0, 0, 0], [seed, 0])[0] / 2 ** 32;
}

/** The native engine where it is built and exact here, else the reference, which says the same. */
async function openFastest(): Promise<EngineBackend> {
  try {
    return await openBackend({ engine: "native-cpu", isa: null, threads: availableParallelism() });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return openBackend({ engine: "reference", isa: null, threads: null });
  }
}
