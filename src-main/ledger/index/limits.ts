/** Decides the maxima and constants of the similarity index (ARCHITECTURE.md section 17). */

import { EMBEDDING_BYTES_MAX, TAGS_MAX } from "../limits.ts";

/** Live entries below which a collection has one list: reading it all is as quick. */
export const LISTED_ENTRIES_MIN = 256;

/** Lists of a collection; all their centroids and roots travel with every proof. */
export const LISTS_MAX = 1_024;

/** Rounds of k-means; further ones move centroids of real embeddings by little. */
export const BUILD_ROUNDS = 6;

/** Live entries from which a build waits for its epoch. */
export const BUILD_AT_ONCE_ENTRIES_END = 4_096;

/**
 * Multiplications, entries × lists × dimension × (rounds + 1), that builds may cost one commit: a
 * third of a second. A larger build waits for its epoch, whatever its entries, and a commit that
 * has several due carries out the first and then as many as fit.
 */
export const BUILD_WORK_AT_ONCE_MAX = 268_435_456;

/** Epochs between the commit that begins a build and the first that may use it: one is whole. */
export const BUILD_EPOCHS = 2n;

/** Builds that wait, over all collections; with none free a collection goes on with its lists. */
export const BUILDS_WAITING_MAX = 1_024;

/** Computed builds a memo keeps; those of the next epoch and of a few forks. */
export const BUILDS_REMEMBERED_MAX = 8;

/** Centroids in one page: at most 64 × 4,096 bytes. */
export const CENTROIDS_PER_PAGE = 64;

/** Bytes of entries a page is meant for; an entry above it has a page of its own. */
export const ENTRY_PAGE_BYTES = 4_096;

/** Bytes of an entry: embedding, tags and 22 bytes of fixed fields and lengths. */
export const ENTRY_BYTES_MAX: number = EMBEDDING_BYTES_MAX + 4 * TAGS_MAX + 64;

/** Hits of one answer. */
export const SEARCH_HITS_MAX = 100;

/** Lists one search reads. */
export const SEARCH_PROBES_MAX = 64;

/**
 * Entries of the probed lists that one proof may hold; a search that needs more is refused, and
 * fewer probes are advised. Some 10 MiB at 128 dimensions.
 */
export const SEARCH_ENTRIES_MAX = 65_536;

/** Bytes of a whole proof, as a reader allows them: 32 MiB. */
export const SEARCH_PROOF_BYTES_MAX = 33_554_432;

/** Text that is embedded; names, descriptions and queries are far shorter. */
export const EMBEDDED_TEXT_BYTES_MAX = 65_536;
