/** Decides how a model is shown: what it takes, and its layers with their sizes and numbers. */

import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { compileEvaluation, elementCount, shapeAfter } from "../../engine/index.ts";
import type { ImportChoice, ModelConfig } from "../../engine/index.ts";
import { inputWords, layerWords } from "../daemon/model-words.ts";
import { need } from "./failure.ts";
import { openModel } from "./open-model.ts";
import { answer, openSession } from "./session.ts";
import { table } from "./table.ts";

/** A layer as it is shown. */
export interface ShownLayer {
  readonly layer: number;
  readonly what: string;
  /** Shape of a sample after it. */
  readonly gives: readonly number[];
  /** Numbers it learns or keeps. */
  readonly numbers: number;
}

/** Shows a model. */
export async function showModel(
  what: string,
  options: { readonly json?: boolean; readonly image?: ImportChoice["image"] },
): Promise<void> {
  const session = openSession(options);
  const { image } = options;
  const opened = await openModel(session, what, image === undefined ? {} : { image });
  const { model, notes, states } = opened;
  const layers = layersOf(model);
  const document = { model, layers, notes, hasWeights: states !== null };
  answer(session, document, [...modelLines(model, layers), ...notes.map(noteLine)]);
}

/** A note on a difference, as a line. */
export const noteLine = (note: string): string => `Note: ${note}`;

/** The layers of a model that compiles. */
export function layersOf(model: ModelConfig): ShownLayer[] {
  const { states } = need(compileEvaluation(model, 1));
  const { input } = model;
  let gives: readonly number[] =
    "features" in input
      ? [input.features]
      : "tokens" in input
        ? [input.tokens]
        : [input.height, input.width, input.channels];
  return model.layers.map((layer, index) => {
    gives = shapeAfter(gives, layer);
    const own = states.filter(({ name }) => name.startsWith(`layer-${index}/`));
    const numbers = own.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return { layer: index, what: layerWords(layer) || layer.type, gives, numbers };
  });
}

/** The lines for people. */
export function modelLines(model: ModelConfig, layers: readonly ShownLayer[]): string[] {
  const total = layers.reduce((sum, { numbers }) => sum + numbers, 0);
  const rows = layers.map(({ layer, what, gives, numbers }) => [
    String(layer),
    what,
    gives.join(" × "),
    formatCount(numbers),
  ]);
  return [
    `Takes ${inputWords(model.input, model.classes)}`,
    ...table(["#", "Layer", "Gives", "Numbers"], rows, [0, 3]),
    `${formatNumberOf(total, "number", "numbers")} in all`,
  ];
}
