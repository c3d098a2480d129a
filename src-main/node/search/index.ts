/** The face of searching: answers and receipts, and the white paper's mitigations. */
export { Accelerator } from "./accelerator.ts";
export type { AcceleratorNeeds, AcceleratorOptions, HeldAs } from "./accelerator.ts";
export { HotAnswers } from "./hot-answers.ts";
export type { HotCounts } from "./hot-answers.ts";
export { LedgerSearch } from "./ledger-search.ts";
export type {
  AnsweredFrom,
  LedgerSearchNeeds,
  LedgerSearchOptions,
  ProvedSearch,
  SearchAnswer,
} from "./ledger-search.ts";
export { PROBES_DEFAULT } from "./limits.ts";
export { codesMaker } from "./product-codes.ts";
export {
  cutVectors,
  partialDistances,
  placeLists,
  reachLists,
  shardsOf,
  sumPartials,
} from "./partition.ts";
export type { Reached, VectorPart } from "./partition.ts";
export { drawPlaces, estimateDistance, sampleVector } from "./sampled-distance.ts";
export type { DistanceEstimate, SampledVector } from "./sampled-distance.ts";
