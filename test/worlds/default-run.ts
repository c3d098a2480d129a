/** Trains the default model of a data set and counts what it gets right of the hold-out. */
import {
  batchIndices,
  compileEvaluation,
  compileTraining,
  defaultTraining,
  encodeProgram,
  initialStates,
  stateMapping,
} from "../../src-main/engine/index.ts";
import type { ModelProfile, Program } from "../../src-main/engine/index.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { datasetSample } from "../../src-main/learning/index.ts";
import type { Dataset } from "../../src-main/learning/index.ts";
import { countCorrect } from "../../src-main/miner/training/batch-source.ts";
import type { EngineBackend } from "../../src-main/ports/engine-backend.ts";

function held<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

function join(dataset: Dataset, samples: readonly number[]): Uint8Array {
  const { sampleBytes } = dataset;
  const bytes = new Uint8Array(samples.length * sampleBytes);
  for (const [slot, sample] of samples.entries()) {
    bytes.set(datasetSample(dataset, sample), slot * sampleBytes);
  }
  return bytes;
}

/** The share of the hold-out, in per cent, that the trained default model names rightly. */
export async function defaultAccuracy(
  backend: EngineBackend,
  dataset: Dataset,
  seedByte: number,
  profile: ModelProfile = "I14",
): Promise<number> {
  const { header } = dataset;
  const { model: plain, steps } = defaultTraining(header);
  const model = { ...plain, profile };
  const program: Program = held(compileTraining(model));
  const session = await backend.open(encodeProgram(program));
  const seed = new Uint8Array(32).fill(seedByte);
  for (const [index, values] of initialStates(seed, program).entries()) {
    await session.upload(index, values);
  }
  for (let step = 1; step <= steps; step += 1) {
    const indices = batchIndices(seed, step, model.batchSize, header.trainCount);
    const samples = Array.from(indices, (index) => header.trainFirst + index);
    await session.run(step, join(dataset, samples));
  }
  const count = header.holdoutCount;
  const evaluation = held(compileEvaluation(model, count));
  const forward = await backend.open(encodeProgram(evaluation));
  for (const [index, from] of stateMapping(program, evaluation).entries()) {
    await forward.upload(index, await session.download(from));
  }
  const samples = Array.from({ length: count }, (_, index) => header.holdoutFirst + index);
  const batch = join(dataset, samples);
  await forward.run(1, batch);
  const labels = Uint16Array.from(samples, (_, row) => batch[(row + 1) * dataset.sampleBytes - 1]);
  const correct = countCorrect(await forward.output(0), labels, count);
  session.close();
  forward.close();
  return (100 * correct) / count;
}
