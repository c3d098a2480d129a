/**
 * Decides which graphs of layers become a list of layers here: a chain, in which a value may fork
 * in two that an Add joins again, as residual networks do, also within each other.
 */
import { LAYER_DEPTH_MAX } from "../limits.ts";
import { shown, stop } from "./keras-stop.ts";
import type { KerasGraph, KerasNode } from "./read-topology.ts";

/** A layer, or two chains from one value whose ends are added. */
export type ChainItem =
  | { readonly is: "layer"; readonly node: KerasNode }
  | { readonly is: "sum"; readonly node: KerasNode; readonly sides: readonly [Chain, Chain] };

export type Chain = readonly ChainItem[];

/** A chain and where it ended: at an Add that it goes into, or at the model's output. */
interface Walked {
  readonly chain: ChainItem[];
  readonly join: KerasNode | undefined;
}

/** Goes through a graph once, from its input on. */
class GraphWalk {
  readonly #consumers = new Map<string, KerasNode[]>();
  readonly #visited = new Set<string>();
  readonly #output: string;

  constructor({ nodes, output }: KerasGraph) {
    this.#output = output;
    const names = new Set(nodes.map(({ name }) => name));
    for (const node of nodes) {
      for (const input of node.inputs) {
        if (!names.has(input)) {
          stop("ENGINE_KERAS_GRAPH", {
            layer: node.name,
            rule: `its input exists: ${shown(input)}`,
          });
        }
        const held = this.#consumers.get(input);
        if (held === undefined) this.#consumers.set(input, [node]);
        else held.push(node);
      }
    }
  }

  /** The number of layers that were reached. */
  get reached(): number {
    return this.#visited.size;
  }

  /** What follows the value of `from`, up to an Add of an outer fork or the output. */
  walk(from: KerasNode, depth: number): Walked {
    const chain: ChainItem[] = [];
    let at = this.#enter(from);
    for (;;) {
      const followers = this.#consumers.get(at.name) ?? [];
      if (at.name === this.#output) {
        if (followers.length === 0) return { chain, join: undefined };
        stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule: "nothing follows the output" });
      }
      if (followers.length === 1) {
        const [next] = followers;
        if (next.kind === "Add") return { chain, join: next };
        chain.push({ is: "layer", node: single(next) });
        at = this.#enter(next);
        continue;
      }
      at = this.#fork(at, followers, depth, chain);
    }
  }

  /** Walks both sides of a fork and gives the Add that joins them. */
  #fork(
    at: KerasNode,
    followers: readonly KerasNode[],
    depth: number,
    chain: ChainItem[],
  ): KerasNode {
    const rule = "a value goes to one layer, or on two ways that one Add joins again";
    const [one, other] = followers;
    if (followers.length !== 2 || one === other) {
      stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule });
    }
    if (depth >= LAYER_DEPTH_MAX) {
      const deep = `forks within forks are at most ${LAYER_DEPTH_MAX - 1} deep`;
      stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule: deep });
    }
    const sides = [one, other].map((next) => {
      if (next.kind === "Add") return { chain: [], join: next };
      const walked = this.walk(next, depth + 1);
      return { ...walked, chain: [{ is: "layer", node: single(next) } as const, ...walked.chain] };
    });
    const { join } = sides[0];
    if (join === undefined || join !== sides[1].join || join.inputs.length !== 2) {
      stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule });
    }
    chain.push({ is: "sum", node: join, sides: [sides[0].chain, sides[1].chain] });
    return this.#enter(join);
  }

  #enter(node: KerasNode): KerasNode {
    if (this.#visited.has(node.name)) {
      stop("ENGINE_KERAS_GRAPH", { layer: node.name, rule: "the layers go round in no circle" });
    }
    this.#visited.add(node.name);
    return node;
  }
}

/** A layer of one input. */
function single(node: KerasNode): KerasNode {
  if (node.inputs.length === 1) return node;
  const instead =
    "of the layers that join values only Add of two that part at one value is known; " +
    "write the model with such sums";
  return stop("ENGINE_KERAS_LAYER", { layer: node.name, kind: node.kind, instead });
}

/**
 * The layers of a graph in order, without its input.
 * Stops with ENGINE_KERAS_GRAPH, and _LAYER where values are joined otherwise.
 * @cost one visit a layer
 */
export function joinLayers(graph: KerasGraph): Chain {
  const input = graph.nodes.find(({ inputs }) => inputs.length === 0);
  if (input === undefined) {
    stop("ENGINE_KERAS_GRAPH", { layer: "", rule: "one InputLayer, and all else follows it" });
  }
  const walk = new GraphWalk(graph);
  const { chain, join } = walk.walk(input, 1);
  if (join !== undefined) {
    stop("ENGINE_KERAS_GRAPH", { layer: join.name, rule: "an Add joins two ways from one value" });
  }
  if (walk.reached !== graph.nodes.length) {
    stop("ENGINE_KERAS_GRAPH", { layer: graph.output, rule: "every layer leads to the output" });
  }
  return chain;
}
