/**
 * Decides what a word after `vivian model` means: a LayersModel of another program, a model in this
 * program's own form, a folder of fetched weights, or a paid job.
 */

import { existsSync } from "node:fs";

import {
  importModel,
  isFetchedFolder,
  isFolder,
  isLayersModel,
  readJson,
  readOwnModel,
  trainedStates,
} from "../../adapters/model-files/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseModel } from "../../engine/index.ts";
import type { ImportChoice, ModelConfig } from "../../engine/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { readHeld, readKept } from "./job-fetch.ts";
import { withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { describeWeights } from "./weights-manifest.ts";
import type { ModelTokens } from "./weights-manifest.ts";

/** A model from wherever it came. */
export interface OpenedModel {
  readonly model: ModelConfig;
  /** Of the forward pass; null where only the layers are there. */
  readonly states: readonly Float32Array[] | null;
  /** What differs from the model as another program made it. */
  readonly notes: readonly string[];
  readonly classNames: readonly string[];
  /** Of a table: what a row goes through before the model reads it. */
  readonly columns: readonly object[];
  /** Of a text's model: how it is cut and what its tokens stand for, where that is known. */
  readonly text: ModelTokens | null;
  /** The job that trained it, where it is one. */
  readonly job: string | null;
}

const BARE = { notes: [], classNames: [], columns: [], text: null, job: null };

/** Opens a model's file or folder. @rejects MODEL_FILE_*, ENGINE_* */
export function openModelFile(path: string, choice: ImportChoice): Outcome<OpenedModel> {
  const isFetched = isFolder(path) && isFetchedFolder(path);
  if (isFetched || (!isFolder(path) && !isForeign(path))) {
    const own = readOwnModel(path);
    return own.ok ? accept({ ...BARE, ...own.value }) : own;
  }
  const imported = importModel(path, choice);
  return imported.ok ? accept({ ...BARE, ...imported.value }) : imported;
}

/** Whether a file is another program's; what cannot be read is refused by whoever reads it. */
function isForeign(path: string): boolean {
  const value = readJson(path);
  return !value.ok || isLayersModel(value.value);
}

/** Opens a model by path or, where nothing is there, a paid job of the daemon by its id. */
export async function openModel(
  session: Session,
  what: string,
  choice: ImportChoice,
): Promise<OpenedModel> {
  if (existsSync(what) || !/^[0-9a-f]{4,64}$/i.test(what)) {
    return need(openModelFile(what, choice));
  }
  return withDaemon(session, async (client) => {
    const weights = need(await client.call("job.weights", { job: what.toLowerCase() }));
    const bytes = readHeld(weights.file);
    const kept = readKept(weights.dataFile);
    // The same check as `job fetch`: the bytes are those whose root the ledger names.
    const manifest = need(describeWeights(nativeSha256, weights, bytes, kept));
    const model = need(parseModel(weights.model));
    const { classNames, columns, text } = manifest.data;
    const states = need(trainedStates(model, bytes, weights.file));
    return { model, states, notes: [], classNames, columns, text, job: weights.job };
  });
}

/** The weights, or the end of the command. */
export function needStates({ states }: OpenedModel, what: string): readonly Float32Array[] {
  if (states !== null) return states;
  throw new CommandFailure({ code: "PROCESSES_MODEL_WEIGHTS", facts: { model: what } });
}
