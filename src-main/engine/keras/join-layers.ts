/**
 * Decides which graphs of layers become a list of layers here: a chain, in which a value may fork
 * in two that an Add joins again, as residual networks do, or in several that a Concatenate joins,
 * also within each other.
 */
import { BRANCHES_MAX, LAYER_DEPTH_MAX } from "../limits.ts";
import { shown, stop } from "./keras-stop.ts";
import type { KerasGraph, KerasNode } from "./keras-layer.ts";

/** A layer, or chains from one value whose ends one layer joins, in the order it takes them. */
export type ChainItem =
  | { readonly is: "layer"; readonly node: KerasNode }
  | { readonly is: "join"; readonly node: KerasNode; readonly sides: readonly Chain[] };

export type Chain = readonly ChainItem[];

/** A chain and where it ended: at a join that it goes into, or at the model's output. */
interface Walked {
  readonly chain: ChainItem[];
  readonly join: KerasNode | undefined;
  /** Name of the last layer, whose value the join takes. */
  readonly end: string;
}

const isJoin = ({ kind }: KerasNode): boolean => kind === "Add" || kind === "Concatenate";

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

  /** What follows the value of `from`, up to a join of an outer fork or the output. */
  walk(from: KerasNode, depth: number): Walked {
    const chain: ChainItem[] = [];
    let at = this.#enter(from);
    for (;;) {
      const followers = this.#consumers.get(at.name) ?? [];
      if (at.name === this.#output) {
        if (followers.length === 0) return { chain, join: undefined, end: at.name };
        stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule: "nothing follows the output" });
      }
      if (followers.length === 1) {
        const [next] = followers;
        if (isJoin(next)) return { chain, join: next, end: at.name };
        chain.push({ is: "layer", node: single(next) });
        at = this.#enter(next);
        continue;
      }
      at = this.#fork(at, followers, depth, chain);
    }
  }

  /** Walks all sides of a fork and gives the layer that joins them. */
  #fork(
    at: KerasNode,
    followers: readonly KerasNode[],
    depth: number,
    chain: ChainItem[],
  ): KerasNode {
    const rule =
      "a value goes to one layer, or on two ways that one Add joins again, or on " +
      `at most ${BRANCHES_MAX} that one Concatenate does`;
    const isEach = new Set(followers.map(({ name }) => name)).size === followers.length;
    if (followers.length < 2 || followers.length > BRANCHES_MAX || !isEach) {
      stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule });
    }
    if (depth >= LAYER_DEPTH_MAX) {
      const deep = `forks within forks are at most ${LAYER_DEPTH_MAX - 1} deep`;
      stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule: deep });
    }
    const ways = followers.map((next): Walked => {
      if (isJoin(next)) return { chain: [], join: next, end: at.name };
      const walked = this.walk(next, depth + 1);
      return { ...walked, chain: [{ is: "layer", node: single(next) }, ...walked.chain] };
    });
    const { join } = ways[0];
    const isOne = ways.every((way) => way.join === join);
    if (join === undefined || !isOne || join.inputs.length !== ways.length) {
      return stop("ENGINE_KERAS_GRAPH", { layer: at.name, rule });
    }
    if (join.kind === "Add" && ways.length !== 2) {
      const two = "an Add joins two ways; write more as Adds of Adds";
      stop("ENGINE_KERAS_GRAPH", { layer: join.name, rule: two });
    }
    // As the join takes them, whichever way was met first: what it makes may depend on the order.
    const sides = join.inputs.map((input) => {
      const way = ways.find(({ end }) => end === input);
      return way === undefined ? stop("ENGINE_KERAS_GRAPH", { layer: join.name, rule }) : way.chain;
    });
    chain.push({ is: "join", node: join, sides });
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
    "of the layers that join values only Add and Concatenate of values that part at one value " +
    "are known; write the model with those";
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
    stop("ENGINE_KERAS_GRAPH", {
      layer: join.name,
      rule: "a join takes two ways from one value, or more",
    });
  }
  if (walk.reached !== graph.nodes.length) {
    stop("ENGINE_KERAS_GRAPH", { layer: graph.output, rule: "every layer leads to the output" });
  }
  return chain;
}
