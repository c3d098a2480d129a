/**
 * Decides how a LayersModel of TensorFlow.js or Keras is read from and written to a folder:
 * `model.json` and the weight files that it names, all beside each other (README.md: what is
 * taken).
 */

import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Outcome } from "../../contract/outcome.ts";
import {
  exportLayersModel,
  importLayersModel,
  readModelDocument,
  readWeights,
} from "../../engine/index.ts";
import type {
  ExportWords,
  ImportChoice,
  ImportedModel,
  ModelConfig,
  Weight,
  WeightGroup,
} from "../../engine/index.ts";
import { MAGIC_BYTES, MODEL_JSON_BYTES_MAX } from "./limits.ts";
import { readPlainFile, refuseExisting, writePlainFile } from "./plain-file.ts";
import { ended, held, stop, systemReason } from "./stop.ts";

/** Names of what is written. */
export const MODEL_FILE = "model.json";
export const WEIGHTS_FILE = "group1-shard1of1.bin";

const CONVERTER = "tensorflowjs_converter --output_format=tfjs_layers_model";

/** Files that hold a model in another form: how they begin, how they become one that is read. */
const OTHER_KINDS = [
  {
    kind: "HDF5",
    magic: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    convert: `${CONVERTER} --input_format=keras FILE FOLDER`,
  },
  {
    kind: "Keras 3 (.keras)",
    magic: [0x50, 0x4b, 0x03, 0x04],
    convert:
      'in Keras model.save("FILE.h5"), then ' + `${CONVERTER} --input_format=keras FILE.h5 FOLDER`,
  },
] as const;

/** Files of a SavedModel folder. */
const SAVED_MODEL = "saved_model.pb";

/** Whether there is a folder at the path; anything else is told when it is read. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The model.json that a path means. */
function documentPath(path: string): string {
  if (!isFolder(path)) return path;
  const inside = join(path, MODEL_FILE);
  const exists = (name: string) => statSync(join(path, name), { throwIfNoEntry: false });
  if (exists(MODEL_FILE) === undefined && exists(SAVED_MODEL) !== undefined) {
    const convert = `${CONVERTER} --input_format=keras_saved_model ${path} FOLDER`;
    stop("MODEL_FILE_KIND", { path, kind: "SavedModel", convert });
  }
  return inside;
}

/**
 * The value of a model's JSON file.
 * @rejects MODEL_FILE_MISSING, _UNREADABLE, _TOO_LARGE, _JSON, and _KIND for other forms of model
 */
export function readJson(path: string): Outcome<unknown> {
  return ended(() => jsonAt(path));
}

/** The same; stops with those codes. */
export function jsonAt(path: string): unknown {
  const begin = readPlainFile(path, MAGIC_BYTES, "person", { whole: false });
  const other = OTHER_KINDS.find(({ magic }) => magic.every((byte, at) => begin[at] === byte));
  if (other !== undefined) {
    stop("MODEL_FILE_KIND", { path, kind: other.kind, convert: other.convert });
  }
  const bytes = readPlainFile(path, MODEL_JSON_BYTES_MAX, "person");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return stop("MODEL_FILE_JSON", { path });
  }
}

/** The bytes of a group's files, joined; a folder outside is never reached. */
function groupBytes(folder: string, { paths, bytes: expected }: WeightGroup): Uint8Array {
  const joined = new Uint8Array(expected);
  let at = 0;
  for (const name of paths) {
    const path = join(folder, name);
    const bytes = readPlainFile(path, Math.max(expected, 1), "model");
    if (at + bytes.length > expected) {
      const what = `${name} and those before it`;
      stop("MODEL_FILE_TOO_LARGE", { path: what, bytes: at + bytes.length, most: expected });
    }
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined.subarray(0, at);
}

/** Whether the value of a JSON file is a LayersModel's, or one of another program but not ours. */
export function isLayersModel(value: unknown): boolean {
  const keys = ["modelTopology", "model_config", "class_name", "weightsManifest", "format"];
  return (
    typeof value === "object" && value !== null && keys.some((key) => Object.hasOwn(value, key))
  );
}

/**
 * Imports a LayersModel; never throws for what is wrong with it.
 * @param path  a folder with a model.json, or that file
 * @rejects MODEL_FILE_*, ENGINE_KERAS_*, ENGINE_MODEL_*, ENGINE_LIMIT
 * @cost memory: the stored weights of one group and all weights as f32
 */
export function importModel(path: string, choice: ImportChoice = {}): Outcome<ImportedModel> {
  return ended(() => {
    const file = documentPath(path);
    const document = held(readModelDocument(jsonAt(file)));
    // Layers first: a model that is refused anyway costs no reading of its weights.
    if (document.groups === null) return held(importLayersModel(document.topology, null, choice));
    held(importLayersModel(document.topology, null, choice));
    const weights = new Map<string, Weight>();
    for (const group of document.groups) {
      const bytes = groupBytes(dirname(file), group);
      for (const [name, weight] of held(readWeights(group, bytes))) weights.set(name, weight);
    }
    return held(importLayersModel(document.topology, weights, choice));
  });
}

/**
 * Writes a model as a LayersModel into a folder, which is made where it is not there.
 * @param states  of the model's forward pass
 * @rejects MODEL_FILE_EXISTS, MODEL_FILE_WRITE, ENGINE_KERAS_EXPORT
 */
export function exportModel(
  folder: string,
  model: ModelConfig,
  states: readonly Float32Array[],
  words: Omit<ExportWords, "weightsFile">,
): Outcome<{ readonly folder: string; readonly bytes: number }> {
  return ended(() => {
    const exported = held(
      exportLayersModel(model, states, { ...words, weightsFile: WEIGHTS_FILE }),
    );
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      stop("MODEL_FILE_WRITE", { path: folder, reason: systemReason(error) });
    }
    refuseExisting(join(folder, MODEL_FILE));
    const json = `${JSON.stringify(exported.document)}\n`;
    writePlainFile(join(folder, WEIGHTS_FILE), exported.weights);
    // Last, so that a folder with a model.json is whole.
    writePlainFile(join(folder, MODEL_FILE), new TextEncoder().encode(json));
    return { folder, bytes: exported.weights.length };
  });
}
