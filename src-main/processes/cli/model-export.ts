/** Decides what goes along with a model that leaves, and what is said of it. */

import { resolve } from "node:path";

import { exportModel } from "../../adapters/model-files/index.ts";
import { formatBytes } from "../../contract/units.ts";
import type { ModelConfig } from "../../engine/index.ts";
import { programVersion } from "../program-version.ts";
import { need } from "./failure.ts";
import { needStates, openModel } from "./open-model.ts";
import type { OpenedModel } from "./open-model.ts";
import { answer, openSession } from "./session.ts";

/** Exports a model into a folder. */
export async function exportTo(
  what: string,
  options: { readonly to: string; readonly json?: boolean },
): Promise<void> {
  const session = openSession(options);
  const opened = await openModel(session, what, {});
  const metadata = { vivian: factsOf(opened) };
  const generatedBy = `VIVIAN Miner ${programVersion()}`;
  const words = { generatedBy, metadata };
  const states = needStates(opened, what);
  const written = need(exportModel(resolve(options.to), opened.model, states, words));
  const { folder, bytes } = written;
  answer(session, { ...written, ...metadata.vivian }, [
    `Written: ${folder}, a LayersModel with ${formatBytes(bytes)} of weights`,
    `It takes ${inputOf(opened.model)} and gives a chance a class.`,
    "TensorFlow.js: `await tf.loadLayersModel(URL of model.json)`",
    "Keras: `tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras " +
      "model.json model.h5`",
  ]);
}

/** What the numbers mean that the model takes. */
function inputOf({ input }: ModelConfig): string {
  if ("tokens" in input) return "the numbers of tokens";
  return "features" in input
    ? "rows whose columns were standardised, (value − mean) / deviation, as in the job's data"
    : "images as numbers from 0 to 1: each byte divided by 255";
}

/** What a model.json says of itself beside the layers. */
function factsOf({ model, classNames, columns, job }: OpenedModel) {
  return { job, takes: inputOf(model), classNames, columns };
}
