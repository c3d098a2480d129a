/** Makes documents of Keras models by hand: what other programs write, and what none would. */
import { importLayersModel, readModelDocument } from "../../src-main/engine/index.ts";
import type { ImportChoice, ImportedModel, Weight } from "../../src-main/engine/index.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";

/** A layer of a document. */
export interface DocumentLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A layer; its name is its class unless the options name it. */
export function layer(
  kind: string,
  options: Readonly<Record<string, unknown>> = {},
): DocumentLayer {
  return { class_name: kind, config: { name: kind.toLowerCase(), trainable: true, ...options } };
}

/** A Sequential whose first layer states the input. */
export function sequential(
  shape: readonly unknown[],
  ...layers: readonly DocumentLayer[]
): unknown {
  const [first, ...others] = layers;
  const begin = { ...first, config: { ...first.config, batch_input_shape: [null, ...shape] } };
  return { class_name: "Sequential", config: { name: "sequential", layers: [begin, ...others] } };
}

/** A Functional model: each entry is a layer and the names it takes values from. */
export function functional(
  shape: readonly unknown[],
  entries: readonly (readonly [DocumentLayer, readonly string[]])[],
  output: string,
): unknown {
  const start = {
    ...layer("InputLayer", { name: "in", batch_input_shape: [null, ...shape] }),
    name: "in",
    inbound_nodes: [],
  };
  const layers = entries.map(([{ class_name, config }, inputs]) => ({
    class_name,
    config,
    name: config["name"],
    inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])],
  }));
  const config = {
    name: "model",
    layers: [start, ...layers],
    input_layers: [["in", 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return { model_config: { class_name: "Functional", config } };
}

/** The layers of a document without weights. */
export function imported(topology: unknown, choice: ImportChoice = {}): ImportedModel {
  const outcome = importLayersModel(topology, null, choice);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

/** Code and facts of a refusal, "accepted" where there is none. */
export function refusalOf(outcome: Outcome<unknown>): string {
  if (outcome.ok) return "accepted";
  const { code, facts = {} } = outcome.rejection;
  return [code, ...Object.entries(facts).map(([key, value]) => `${key}=${value}`)].join(" ");
}

/** The refusal of a topology, or of one with weights. */
export function refused(
  topology: unknown,
  weights: ReadonlyMap<string, Weight> | null = null,
  choice: ImportChoice = {},
): string {
  return refusalOf(importLayersModel(topology, weights, choice));
}

/** The refusal of a whole document. */
export const refusedDocument = (document: unknown): string =>
  refusalOf(readModelDocument(document));

/** A weight of ones times a factor. */
export function weight(shape: readonly number[], value = 1): Weight {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return { shape, values: new Float32Array(count).fill(value) };
}
