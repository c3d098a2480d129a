/**
 * Decides how a job begins from weights that are there: the weights of a model become the state
 * before the first step, all else in it as a seed would have it; its root stands in the job, its
 * bytes lie in a file of that name, where worker and verifier find them.
 */

import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readOwnModel } from "../../adapters/model-files/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  compileEvaluation,
  compileTraining,
  encodeProgram,
  encodeState,
  initialStates,
  stateMapping,
  stateRoot,
} from "../../engine/index.ts";
import type { ModelConfig, Program } from "../../engine/index.ts";
import { folderFault } from "../config/data-folder.ts";

/** The state a job begins with. */
export interface GivenStart {
  readonly root: Uint8Array;
  /** As engine/state lays a state out. */
  readonly bytes: Uint8Array;
}

/** The forward pass and the step of a model that compiles. */
interface Programs {
  readonly evaluation: Program;
  readonly training: Program;
}

function programsOf(model: ModelConfig): Outcome<Programs> {
  const evaluation = compileEvaluation(model, 1);
  if (!evaluation.ok) return evaluation;
  const training = compileTraining(model);
  if (!training.ok) return training;
  return accept({ evaluation: evaluation.value, training: training.value });
}

const sameBytes = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

/**
 * The state that a job on `model` begins with, from the weights of a model's file.
 * @param path  a model's text with its weights beside it, or the folder of `job fetch`
 * @param seed  32 bytes, of all that is no weight (the key of dropout)
 * @rejects PROCESSES_MODEL_WEIGHTS, PROCESSES_MODEL_START, MODEL_FILE_*, ENGINE_*
 */
export function startFrom(
  hasher: Hasher,
  model: ModelConfig,
  path: string,
  seed: Uint8Array,
): Outcome<GivenStart> {
  const held = readOwnModel(path);
  if (!held.ok) return held;
  const { states } = held.value;
  if (states === null) return reject("PROCESSES_MODEL_WEIGHTS", { model: path });
  const wanted = programsOf(model);
  if (!wanted.ok) return wanted;
  const given = programsOf(held.value.model);
  if (!given.ok) return given;
  const { evaluation, training } = wanted.value;
  // Whoever learns otherwise may go on from these weights; whoever computes otherwise may not.
  if (!sameBytes(encodeProgram(evaluation), encodeProgram(given.value.evaluation))) {
    return reject("PROCESSES_MODEL_START", { weights: path });
  }
  const start = [...initialStates(seed, training)];
  for (const [from, to] of stateMapping(training, evaluation).entries()) {
    if (training.states[to].name !== DROPOUT_KEY) start[to] = states[from];
  }
  const root = Uint8Array.from(stateRoot(hasher, training, start));
  return accept({ root, bytes: encodeState(training, start) });
}

/** The state that decides what falls out; it is no weight. */
const DROPOUT_KEY = "dropout/key";

/** Start states on this machine, each in a file named by its root. */
export class OwnStarts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a start. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL. */
  keep({ root, bytes }: GivenStart): void {
    const file = this.#file(root);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, bytes, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    } catch (error) {
      throw folderFault(file, error);
    }
  }

  /** File of a start; undefined where it is not here. */
  path(root: Uint8Array): string | undefined {
    const file = this.#file(root);
    return existsSync(file) ? file : undefined;
  }

  #file(root: Uint8Array): string {
    return join(this.#folder, `${bytesToHex(root)}.state`);
  }
}
