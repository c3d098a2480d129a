/**
 * Decides how models within a model become its layers: a model that is used once, as a layer, is
 * its layers in that place. A layer keeps its name, under which its weights lie.
 */
import { KERAS_LAYERS_MAX } from "../limits.ts";
import { stop } from "./keras-stop.ts";
import type { KerasGraph, KerasNode } from "./keras-layer.ts";

/** Whether a layer is a model. */
export const isModel = (kind: string): boolean =>
  kind === "Sequential" || kind === "Functional" || kind === "Model";

/** A graph without models in it. */
class Inlining {
  readonly nodes: KerasNode[] = [];
  /** Name of a model, and of the layer whose value it gives. */
  readonly #ends = new Map<string, string>();

  add(node: KerasNode, inner: KerasGraph | undefined): void {
    const inputs = node.inputs.map((name) => this.endOf(name));
    if (inner === undefined) {
      this.nodes.push({ ...node, inputs });
    } else {
      this.#put(node, inputs, inner);
    }
    if (this.nodes.length > KERAS_LAYERS_MAX) {
      const facts = { what: "layers", value: this.nodes.length, max: KERAS_LAYERS_MAX };
      stop("ENGINE_KERAS_LIMIT", facts);
    }
  }

  /** The layer whose value a name stands for. */
  endOf(name: string): string {
    return this.#ends.get(name) ?? name;
  }

  #put(node: KerasNode, inputs: readonly string[], { nodes, output }: KerasGraph): void {
    if (inputs.length !== 1) {
      stop("ENGINE_KERAS_GRAPH", { layer: node.name, rule: "a model as a layer has one input" });
    }
    const start = nodes.find((inner) => inner.inputs.length === 0)?.name;
    const named = (name: string) => (name === start ? inputs[0] : name);
    for (const inner of nodes) {
      if (inner.name !== start) this.nodes.push({ ...inner, inputs: inner.inputs.map(named) });
    }
    this.#ends.set(node.name, named(output));
  }
}

/**
 * A graph whose models are replaced by their layers.
 * @param models  graphs of the nodes that are models, themselves without models, by their names
 * Stops with ENGINE_KERAS_GRAPH, _LIMIT.
 */
export function inlineModels(
  graph: KerasGraph,
  models: ReadonlyMap<string, KerasGraph>,
): KerasGraph {
  if (models.size === 0) return graph;
  // A name is known once its model was put; layers of a file may stand in any order.
  const inlining = new Inlining();
  const ordered = inOrder(graph.nodes);
  for (const node of ordered) inlining.add(node, models.get(node.name));
  return { ...graph, nodes: inlining.nodes, output: inlining.endOf(graph.output) };
}

/** Nodes, each after those it takes values from; in a circle they stay as they are. */
function inOrder(nodes: readonly KerasNode[]): readonly KerasNode[] {
  const placed = new Set<string>();
  const names = new Set(nodes.map(({ name }) => name));
  let [ordered, left]: [KerasNode[], readonly KerasNode[]] = [[], nodes];
  while (left.length > 0) {
    const isReady = ({ inputs }: KerasNode) =>
      inputs.every((name) => placed.has(name) || !names.has(name));
    const ready = left.filter(isReady);
    if (ready.length === 0) return [...ordered, ...left];
    ordered = [...ordered, ...ready];
    for (const { name } of ready) placed.add(name);
    left = left.filter((node) => !placed.has(node.name));
  }
  return ordered;
}
