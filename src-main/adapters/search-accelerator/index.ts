/** The face of the search accelerator: graphs over embeddings, where this machine has them. */
export { graphMaker } from "./graph-index.ts";
export type { UsearchModule } from "./graph-index.ts";
export { loadAccelerator, searchAccelerator } from "./load-accelerator.ts";
export type { LoadedAccelerator } from "./load-accelerator.ts";
