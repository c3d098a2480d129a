/**
 * Decides what of a LayersModel's topology is read: a Sequential, or a Functional model with one
 * input and one output, as TensorFlow.js, Keras 2 and Keras 3 write them (`read-inbound.ts` reads
 * who follows whom). `module`, `registered_name` and `build_config` of Keras 3 say nothing more.
 */
import { KERAS_LAYERS_MAX, KERAS_NAME_MAX } from "../limits.ts";
import { listAt, objectAt, own, textAt } from "./foreign-value.ts";
import type { ForeignObject } from "./foreign-value.ts";
import { inlineModels, isModel } from "./inline-models.ts";
import type { KerasGraph, KerasLayer, KerasNode } from "./keras-layer.ts";
import { stop } from "./keras-stop.ts";
import { readInbound, readSource } from "./read-inbound.ts";

/** Name of the input of a Sequential, which has none of its own there. */
const INPUT = "(input)";

/** Models within models, the outer one counted: a base, its parts, and parts of those. */
const MODEL_DEPTH_MAX = 4;

/** Where Keras 3 says which shape a Sequential was built for. */
const BUILT_SHAPE = "build_input_shape";

function readLayer(value: unknown, where: string): KerasLayer {
  const object = objectAt(value, where);
  const kind = textAt(own(object, "class_name"), `${where}.class_name`, KERAS_NAME_MAX);
  const config = objectAt(own(object, "config") ?? {}, `${where}.config`);
  const given = own(object, "name") ?? own(config, "name");
  return { kind, config, name: textAt(given, `${where}.name`, KERAS_NAME_MAX) };
}

const batchShapeOf = ({ config }: KerasLayer): unknown =>
  own(config, "batch_input_shape") ?? own(config, "batch_shape");

function sequential(config: unknown): KerasGraph {
  const given = Array.isArray(config) ? config : own(objectAt(config, "config"), "layers");
  const layers = listAt(given, "layers", KERAS_LAYERS_MAX).map((value, index) =>
    readLayer(value, `layers[${index}]`),
  );
  const nodes: KerasNode[] = [{ kind: "InputLayer", name: INPUT, config: {}, inputs: [] }];
  const [first] = layers;
  if (first === undefined) stop("ENGINE_KERAS_GRAPH", { layer: "", rule: "at least one layer" });
  for (const [index, layer] of layers.entries()) {
    if (layer.kind === "InputLayer" && index === 0) continue;
    nodes.push({ ...layer, inputs: [nodes[nodes.length - 1].name] });
  }
  // Keras 3 may leave the input's layer out of a model that was built later.
  const built = Array.isArray(config) ? undefined : own(objectAt(config, "config"), BUILT_SHAPE);
  const batchShape = batchShapeOf(first) ?? built;
  return { nodes, output: nodes[nodes.length - 1].name, batchShape };
}

/** The only end of the graph on that side: ["name", 0, 0], or a list of one such. */
function endOf(config: ForeignObject, key: "input_layers" | "output_layers"): string {
  const given = listAt(own(config, key), key, KERAS_LAYERS_MAX);
  const ends = typeof given[0] === "string" ? [given] : given;
  if (ends.length !== 1) {
    const what = key === "input_layers" ? "input" : "output";
    stop("ENGINE_KERAS_GRAPH", { layer: "", rule: `exactly one ${what}, not ${ends.length}` });
  }
  return readSource(ends[0], key);
}

function functional(value: unknown): KerasGraph {
  const config = objectAt(value, "config");
  const nodes = listAt(own(config, "layers"), "layers", KERAS_LAYERS_MAX).map((item, index) => {
    const layer = readLayer(item, `layers[${index}]`);
    const inbound = own(objectAt(item, `layers[${index}]`), "inbound_nodes");
    return { ...layer, inputs: readInbound(inbound, layer) };
  });
  const input = endOf(config, "input_layers");
  const start = nodes.find(({ name }) => name === input);
  const starts = nodes.filter(({ inputs }) => inputs.length === 0);
  if (start?.kind !== "InputLayer" || starts.length !== 1) {
    stop("ENGINE_KERAS_GRAPH", { layer: input, rule: "one InputLayer, and all else follows it" });
  }
  return { nodes, output: endOf(config, "output_layers"), batchShape: batchShapeOf(start) };
}

/**
 * Reads a topology.
 * @param topology  `modelTopology` of a model.json
 * Stops with ENGINE_KERAS_FORM, _FORMAT, _GRAPH, _LIMIT.
 */
export function readTopology(topology: unknown): KerasGraph {
  const outer = objectAt(topology, "modelTopology");
  if (Object.hasOwn(outer, "node")) stop("ENGINE_KERAS_FORMAT", { given: "a list of nodes" });
  const model = objectAt(own(outer, "model_config") ?? outer, "model_config");
  const kind = textAt(own(model, "class_name"), "class_name", KERAS_NAME_MAX);
  const config = own(model, "config");
  const graph = readModel(kind, config, 1);
  const names = new Set<string>();
  for (const { name } of graph.nodes) {
    if (names.has(name)) stop("ENGINE_KERAS_GRAPH", { layer: name, rule: "a name for one layer" });
    names.add(name);
  }
  return graph;
}

/** A model's graph, in which the models that are its layers are their layers. */
function readModel(kind: string, config: unknown, depth: number): KerasGraph {
  if (!isModel(kind)) {
    const rule = "Sequential, Functional or Model";
    stop("ENGINE_KERAS_FORM", { where: "class_name", given: kind, rule });
  }
  const graph = kind === "Sequential" ? sequential(config) : functional(config);
  const models = new Map<string, KerasGraph>();
  for (const node of graph.nodes) {
    if (!isModel(node.kind)) continue;
    if (depth >= MODEL_DEPTH_MAX) {
      const rule = `models within models are at most ${MODEL_DEPTH_MAX - 1} deep`;
      stop("ENGINE_KERAS_GRAPH", { layer: node.name, rule });
    }
    models.set(node.name, readModel(node.kind, node.config, depth + 1));
  }
  const first = graph.nodes.find(({ inputs }) => inputs.length > 0);
  const inner = first === undefined ? undefined : models.get(first.name)?.batchShape;
  return inlineModels({ ...graph, batchShape: graph.batchShape ?? inner }, models);
}
