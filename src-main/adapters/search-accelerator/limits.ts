/** Decides the shape of the graph, measured on 50,000 × 128 clustered vectors. */

/** Neighbours of an entry in the graph; more find more and cost memory. */
export const GRAPH_CONNECTIVITY = 16;

/** Candidates looked at when an entry is added. */
export const GRAPH_EXPANSION_ADD = 96;

/** Candidates looked at when a query is answered. */
export const GRAPH_EXPANSION_SEARCH = 96;

/** Bytes of an entry beside its vector and its neighbours: key, levels, tables, about. */
export const GRAPH_ENTRY_BYTES = 96;
