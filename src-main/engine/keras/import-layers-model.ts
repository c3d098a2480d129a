/**
 * Decides how a foreign model comes in: its topology as the engine's model, its weights as the
 * states of that model's forward pass. What it computes is the same up to rounding; what cannot be
 * is refused with the layer and what to do (adapters/model-files/README.md lists it).
 */
import type { Outcome } from "../../contract/outcome.ts";
import { compileEvaluation, compileTraining } from "../compile.ts";
import { parseModel } from "../models/parse-model.ts";
import { modelText } from "../models/model-text.ts";
import type { ModelConfig } from "../models/model-config.ts";
import { sameShape } from "../ops/op.ts";
import type { Program } from "../program/program.ts";
import { initialStates } from "../random/initialise.ts";
import { convertModel } from "./convert-model.ts";
import type { ImportChoice, ModelSlot } from "./convert-model.ts";
import type { Weight } from "./decode-weights.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { ended, KerasStop, stop } from "./keras-stop.ts";
import { numberedNames } from "./numbered-names.ts";
import { readTopology } from "./read-topology.ts";

/** A foreign model as it is used here. */
export interface ImportedModel {
  readonly model: ModelConfig;
  /** Of the forward pass (`compileEvaluation`), in its order; null where no weights were given. */
  readonly states: readonly Float32Array[] | null;
  /** What differs from the model as it was made. */
  readonly notes: readonly string[];
}

/** The value, or the end of the reading with the rejection. */
function held<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new KerasStop(outcome.rejection);
}

/**
 * The name of a slot's weight: "layer/kernel", with the model's name before it, or with something
 * between that names a cell of the layer; undefined where the file has none, or more than one.
 */
function nameOf({ layer, weight }: ModelSlot, names: ReadonlySet<string>): string | undefined {
  const plain = `${layer}/${weight}`;
  if (names.has(plain)) return plain;
  const [begin, end] = [`${layer}/`, `/${weight}`];
  const behindModel = [...names].filter((name) => name.endsWith(`/${plain}`));
  if (behindModel.length === 1) return behindModel[0];
  const behindCell = [...names].filter((name) => name.startsWith(begin) && name.endsWith(end));
  return behindCell.length === 1 ? behindCell[0] : undefined;
}

/** Each value as the second of two, the first of which is 0. */
function besideZeros(values: Float32Array): Float32Array {
  const pairs = new Float32Array(2 * values.length);
  for (const [at, value] of values.entries()) pairs[2 * at + 1] = value;
  return pairs;
}

function fillStates(
  program: Program,
  slots: readonly ModelSlot[],
  layers: readonly KerasLayer[],
  weights: ReadonlyMap<string, Weight>,
): readonly Float32Array[] {
  // What no weight fills (a gain that is not learned there) begins neutral; nothing is random but
  // the key of dropout, which no forward pass reads.
  const states = [...initialStates(new Uint8Array(32), program)];
  const names = new Set(weights.keys());
  const numbered = numberedNames(names, slots, layers);
  for (const slot of slots) {
    const { also } = slot;
    const other = also === undefined ? undefined : nameOf({ ...slot, weight: also }, names);
    const name = nameOf(slot, names) ?? other ?? numbered.get(slot);
    const weight = name === undefined ? undefined : weights.get(name);
    const { layer, weight: kind } = slot;
    if (name === undefined || weight === undefined) {
      return stop("ENGINE_KERAS_WEIGHT_MISSING", { layer, weight: kind });
    }
    names.delete(name);
    const at = program.states.findIndex((state) => state.name === slot.tensor);
    const { shape } = program.states[at];
    const needed = slot.isSecond ? [...shape.slice(0, -1), 1] : shape;
    if (!sameShape(weight.shape, needed)) {
      const [given, expected] = [weight.shape, needed].map((dims) => dims.join(" × "));
      stop("ENGINE_KERAS_WEIGHT_SHAPE", { layer, weight: kind, given, expected });
    }
    states[at] = slot.isSecond ? besideZeros(weight.values) : weight.values;
  }
  for (const name of names) stop("ENGINE_KERAS_WEIGHT_UNKNOWN", { weight: name });
  return states;
}

/**
 * Imports a model.
 * @param topology  `modelTopology` of a model.json
 * @param weights   by their names; null imports the layers alone
 * @rejects ENGINE_KERAS_* with the layer, and ENGINE_MODEL_* or ENGINE_LIMIT of a model too large
 */
export function importLayersModel(
  topology: unknown,
  weights: ReadonlyMap<string, Weight> | null,
  choice: ImportChoice = {},
): Outcome<ImportedModel> {
  return ended(() => {
    const graph = readTopology(topology);
    const { model: converted, slots, notes } = convertModel(graph, choice);
    // The same way in as any model's text: its limits hold here too.
    const model = held(parseModel(modelText(converted)));
    held(compileTraining(model));
    const program = held(compileEvaluation(model, 1));
    const states = weights === null ? null : fillStates(program, slots, graph.nodes, weights);
    return { model, states, notes };
  });
}
