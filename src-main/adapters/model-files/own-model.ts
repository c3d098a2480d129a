/**
 * Decides how a model in this program's own form lies on disk: its text as `NAME.json`, which
 * `job submit --model` takes, and its weights beside it as `NAME.weights.bin`; or the folder that
 * `job fetch` writes.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex } from "../../contract/bytes.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { sha256 } from "../../crypto/index.ts";
import {
  compileEvaluation,
  compileTraining,
  decodeState,
  encodeState,
  modelText,
  readModelValue,
  stateMapping,
} from "../../engine/index.ts";
import type { ModelConfig, Program } from "../../engine/index.ts";
import { jsonAt } from "./layers-model.ts";
import { KEPT_WEIGHTS_BYTES_MAX } from "./limits.ts";
import { readPlainFile, refuseExisting, writePlainFile } from "./plain-file.ts";
import { ended, held, stop } from "./stop.ts";

/** A model and, where they are kept, its weights. */
export interface OwnModel {
  readonly model: ModelConfig;
  /** Of the forward pass (`compileEvaluation`); null where there are none. */
  readonly states: readonly Float32Array[] | null;
  /** Names of its classes, where they are known. */
  readonly classNames: readonly string[];
}

/** What `job fetch` writes. */
export const FETCHED_FILE = "weights.json";
const FETCHED_WEIGHTS = "weights.bin";
const FETCHED_FORMAT = "vivian-weights/1";

/** Where the weights of a model's text are kept. */
export function weightsPathOf(path: string): string {
  return `${path.replace(/\.json$/i, "")}.weights.bin`;
}

/** States from their bytes; stops with MODEL_FILE_DAMAGED where they are not this program's. */
function statesIn(program: Program, path: string, bytes: Uint8Array): readonly Float32Array[] {
  const states = decodeState(program, bytes);
  if (states.ok) return states.value;
  return stop("MODEL_FILE_DAMAGED", { path, reason: states.rejection.code });
}

function readText(path: string): OwnModel {
  const model = held(readModelValue(jsonAt(path)));
  const program = held(compileEvaluation(model, 1));
  const kept = weightsPathOf(path);
  if (!existsSync(kept)) return { model, states: null, classNames: [] };
  const bytes = readPlainFile(kept, KEPT_WEIGHTS_BYTES_MAX, "person");
  return { model, states: statesIn(program, kept, bytes), classNames: [] };
}

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

function readFetched(folder: string): OwnModel {
  const path = join(folder, FETCHED_FILE);
  const manifest = jsonAt(path);
  if (field(manifest, "format") !== FETCHED_FORMAT) {
    stop("MODEL_FILE_DAMAGED", { path, reason: `format is not ${FETCHED_FORMAT}` });
  }
  const model = held(readModelValue(field(manifest, "model")));
  const file = join(folder, FETCHED_WEIGHTS);
  const bytes = readPlainFile(file, KEPT_WEIGHTS_BYTES_MAX, "model");
  if (bytesToHex(sha256(bytes)) !== field(field(manifest, "weights"), "sha256")) {
    stop("MODEL_FILE_DAMAGED", { path: file, reason: "SHA-256" });
  }
  const names = field(field(manifest, "data"), "classNames");
  const classNames = Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  return { model, states: held(trainedStates(model, bytes, file)), classNames };
}

/**
 * The states of the forward pass out of the state that training left.
 * @param bytes  of the training program's state, as a job keeps it
 * @rejects MODEL_FILE_DAMAGED, the codes of compiling
 */
export function trainedStates(
  model: ModelConfig,
  bytes: Uint8Array,
  path: string,
): Outcome<readonly Float32Array[]> {
  return ended(() => {
    const training = held(compileTraining(model));
    const evaluation = held(compileEvaluation(model, 1));
    const states = statesIn(training, path, bytes);
    return stateMapping(training, evaluation).map((at) => states[at]);
  });
}

/** Whether the folder is one that `job fetch` wrote. */
export function isFetchedFolder(path: string): boolean {
  return existsSync(join(path, FETCHED_FILE));
}

/**
 * Reads a model in this program's own form.
 * @param path  a model's JSON text, or the folder of `job fetch`
 * @rejects MODEL_FILE_*, ENGINE_MODEL_*
 */
export function readOwnModel(path: string): Outcome<OwnModel> {
  return ended(() => (isFetchedFolder(path) ? readFetched(path) : readText(path)));
}

/**
 * Writes a model's text, and its weights beside it where there are some.
 * @rejects MODEL_FILE_EXISTS, MODEL_FILE_WRITE
 */
export function writeOwnModel(
  path: string,
  { model, states }: Pick<OwnModel, "model" | "states">,
): Outcome<{ readonly file: string; readonly weightsFile: string | null }> {
  return ended(() => {
    const kept = weightsPathOf(path);
    // Weights of another model beside this text would be taken for its own.
    for (const one of [path, kept]) refuseExisting(one);
    if (states !== null) {
      writePlainFile(kept, encodeState(held(compileEvaluation(model, 1)), states));
    }
    const text = JSON.stringify(JSON.parse(modelText(model)), null, 2);
    writePlainFile(path, new TextEncoder().encode(`${text}\n`));
    return { file: path, weightsFile: states === null ? null : kept };
  });
}
