/** The face of the similarity index: its changes, its root, search, proofs and embeddings. */
export { applyIndexChanges, indexRootOf } from "./apply-index-changes.ts";
export { buildCentroids, buildSteps } from "./build-centroids.ts";
export type { Build, BuildInput } from "./build-centroids.ts";
export { BuildMemo } from "./build-memo.ts";
export { waitingInputs } from "./carry-out-build.ts";
export { collectionCodec, collectionKey, listCountOf, listHeadCodec } from "./collection.ts";
export type { Building, Collection, ListHead } from "./collection.ts";
export { collectionOf, committedSearch, liveEntries } from "./committed-search.ts";
export { entryCodec, signedOf, tagNumber } from "./entry.ts";
export type { IndexEntry, StoredEntry } from "./entry.ts";
export { indexChangesOf } from "./index-changes-of.ts";
export type { AppliedRecord } from "./index-changes-of.ts";
export {
  SEARCH_ENTRIES_MAX,
  SEARCH_HITS_MAX,
  SEARCH_PROBES_MAX,
  SEARCH_PROOF_BYTES_MAX,
} from "./limits.ts";
export { nearestCentroid, nearestLists, squaredDistance } from "./nearest.ts";
export { INDEX_PAGES } from "./page-keys.ts";
export { quantiseVector } from "./quantise.ts";
export { checkRequest, rankHits } from "./rank-hits.ts";
export { readSearchProof, searchProof, searchProofCodec } from "./search-proof.ts";
export type { SearchProof } from "./search-proof.ts";
export { TEXT_EMBEDDING_DIMENSION, textEmbedding } from "./text-embedding.ts";
export type {
  IndexAddition,
  IndexChange,
  IndexCommit,
  IndexNeeds,
  IndexRetraction,
  IndexUpdate,
  IndexView,
  PublicationKind,
  SearchHit,
  SearchRequest,
} from "./types.ts";
export { verifySearch } from "./verify-search.ts";
export { readWaiting } from "./waiting-builds.ts";
export type { WaitingBuild } from "./waiting-builds.ts";
