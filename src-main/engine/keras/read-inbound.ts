/**
 * Decides which layers a layer of a Functional model takes its values from: `inbound_nodes` as
 * lists (Keras 2, TensorFlow.js), or as calls with `args` and `kwargs`, whose tensors tell their
 * history (Keras 3: `serialize_node` and `serialize_keras_object` of keras/src).
 */
import { KERAS_LAYERS_MAX } from "../limits.ts";
import { listAt, objectAt, own } from "./foreign-value.ts";
import type { ForeignObject } from "./foreign-value.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { shownValue, stop } from "./keras-stop.ts";

/** How Keras 3 names a value that a layer gave. */
const TENSOR = "__keras_tensor__";

function refuseSource(value: unknown, layer: string): never {
  const rule = "inbound_nodes as Keras or TensorFlow.js write them";
  return stop("ENGINE_KERAS_FORM", { where: layer, given: shownValue(value), rule });
}

/** Refuses whatever a layer is called with beside values; null is nothing. */
function refuseSettings(settings: unknown, layer: string): void {
  const given = settings === undefined || settings === null ? {} : objectAt(settings, layer);
  for (const key of Object.keys(given)) {
    if (own(given, key) === undefined) continue;
    stop("ENGINE_KERAS_GRAPH", { layer, rule: "layers are called with a value and nothing else" });
  }
}

/** The name of the layer a value comes from: [layer, node 0, tensor 0, no arguments]. */
export function readSource(value: unknown, layer: string): string {
  const [name, node, tensor, call] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof name !== "string") return refuseSource(value, layer);
  if (node !== 0 || tensor !== 0) {
    const rule = "each layer is used once and gives one value";
    stop("ENGINE_KERAS_GRAPH", { layer, rule });
  }
  refuseSettings(call, layer);
  return name;
}

/** The same of a tensor of Keras 3, whose history is such a list. */
function readTensor(value: unknown, layer: string): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const rule = "layers are called with a value and nothing else";
    return stop("ENGINE_KERAS_GRAPH", { layer, rule });
  }
  const tensor = value as ForeignObject;
  if (own(tensor, "class_name") !== TENSOR) return refuseSource(own(tensor, "class_name"), layer);
  const config = objectAt(own(tensor, "config"), `${layer}.inbound_nodes`);
  return readSource(own(config, "keras_history"), layer);
}

/** A call of Keras 3: its arguments are tensors, or one list of them for what joins values. */
function readCall(call: ForeignObject, layer: string): readonly string[] {
  const where = `${layer}.inbound_nodes`;
  refuseSettings(own(call, "kwargs"), layer);
  const given = listAt(own(call, "args"), `${where}.args`, KERAS_LAYERS_MAX);
  const args = given.filter((argument) => argument !== null);
  const [first] = args;
  const isList = args.length === 1 && Array.isArray(first);
  const tensors = isList ? listAt(first, `${where}.args[0]`, KERAS_LAYERS_MAX) : args;
  if (tensors.length === 0) refuseSource(given, layer);
  return tensors.map((tensor) => readTensor(tensor, layer));
}

/**
 * The layers whose values a layer takes, in the order in which it takes them.
 * @param value  its `inbound_nodes`
 * Stops with ENGINE_KERAS_FORM, _GRAPH, _LIMIT.
 */
export function readInbound(value: unknown, { name, kind }: KerasLayer): readonly string[] {
  const calls = listAt(value ?? [], `${name}.inbound_nodes`, KERAS_LAYERS_MAX);
  if (kind === "InputLayer" && calls.length === 0) return [];
  if (calls.length !== 1) {
    const rule = "each layer is used exactly once; a layer used twice shares its weights";
    stop("ENGINE_KERAS_GRAPH", { layer: name, rule });
  }
  const [call] = calls;
  if (!Array.isArray(call)) return readCall(objectAt(call, `${name}.inbound_nodes`), name);
  const sources = listAt(call, `${name}.inbound_nodes`, KERAS_LAYERS_MAX);
  return sources.map((source) => readSource(source, name));
}
