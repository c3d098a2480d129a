/**
 * Decides how an HNSW graph (`usearch`) holds int8 embeddings: as 16-bit floats of 8 significant
 * bits, which int8 numbers fit exactly, since its own int8 form scales each vector to length one
 * and loses their distances. One thread, so that a query never waits for a build of its own making.
 */

import type * as usearch from "usearch";

import type { NearestIndex, NearestIndexMaker } from "../../ports/nearest-index.ts";
import {
  GRAPH_CONNECTIVITY,
  GRAPH_ENTRY_BYTES,
  GRAPH_EXPANSION_ADD,
  GRAPH_EXPANSION_SEARCH,
} from "./limits.ts";

/** What is used of the package. */
export type UsearchModule = typeof usearch;

type Graph = InstanceType<UsearchModule["Index"]>;

/** Bytes of one number in the graph. */
const NUMBER_BYTES = 2;

/** A neighbour's id is 4 bytes; the lowest level holds twice as many. */
const NEIGHBOUR_BYTES = 4 * 2 * GRAPH_CONNECTIVITY;

/** Graphs of the package. */
export function graphMaker({ Index, MetricKind, ScalarKind }: UsearchModule): NearestIndexMaker {
  return {
    name: "usearch",
    sampleWanted: 0,
    bytesPerEntry: (dimension) => NUMBER_BYTES * dimension + NEIGHBOUR_BYTES + GRAPH_ENTRY_BYTES,
    make: (dimension) =>
      new GraphIndex(
        new Index({
          dimensions: dimension,
          metric: MetricKind.L2sq,
          quantization: ScalarKind.BF16,
          connectivity: GRAPH_CONNECTIVITY,
          expansion_add: GRAPH_EXPANSION_ADD,
          expansion_search: GRAPH_EXPANSION_SEARCH,
          multi: false,
        }),
        dimension,
      ),
  };
}

class GraphIndex implements NearestIndex {
  readonly #graph: Graph;
  /** Reused, so that a query makes no garbage of its size. */
  readonly #query: Float32Array;

  constructor(graph: Graph, dimension: number) {
    this.#graph = graph;
    this.#query = new Float32Array(dimension);
  }

  get entries(): number {
    return this.#graph.size();
  }

  add(slots: readonly number[], embeddings: Int8Array): void {
    if (slots.length === 0) return;
    const keys = BigUint64Array.from(slots, BigInt);
    this.#graph.add(keys, Float32Array.from(embeddings), 1);
  }

  remove(slot: number): void {
    this.#graph.remove(BigInt(slot));
  }

  nearest(query: Int8Array, count: number): readonly number[] {
    this.#query.set(query);
    // An empty graph has no entry to begin at.
    if (this.entries === 0) return [];
    const { keys } = this.#graph.search(this.#query, Math.min(count, this.entries), 1);
    return Array.from(keys, Number);
  }
}
