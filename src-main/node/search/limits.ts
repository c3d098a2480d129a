/** Decides the maxima of reading the similarity index faster, each with its reason. */

/** Live entries below which the committed search is quick enough: some 2 ms. */
export const ACCELERATED_ENTRIES_MIN = 4_096;

/** Memory of all accelerated collections together; what does not fit is read as committed. */
export const ACCELERATOR_BYTES_MAX = 536_870_912;

/** Collections accelerated at once; the one not searched for longest gives way. */
export const ACCELERATED_COLLECTIONS_MAX = 8;

/** Memory of an entry beside its vector: slot, kind, tags and their places in tables, about. */
export const ROW_BYTES = 160;

/** Entries taken in before other work gets its turn: some 5 ms. */
export const BUILD_STEP_ENTRIES = 128;

/** Time a build may take from its first entry to its last; a machine that slow gains nothing. */
export const BUILD_MS_MAX = 600_000;

/** Changes that may wait for a build to end; beyond it the build is given up and begun again. */
export const WAITING_CHANGES_MAX = 65_536;

/** Candidates measured exactly for each hit wanted, and at least. */
export const CANDIDATES_PER_HIT = 4;
export const CANDIDATES_MIN = 48;

/** Candidates for each hit where codes choose them: all ten on scattered clusters. */
export const CODED_CANDIDATES_PER_HIT = 48;

/** Candidates for each hit wanted where tags or kind leave most of them out. */
export const FILTERED_CANDIDATES_PER_HIT = 32;

/** Of so many accelerated answers one is compared with the committed one, the first included. */
export const COMPARED_EVERY = 64;

/** Comparisons that count, and the part of the committed hits that may be missing in them. */
export const COMPARISONS_KEPT = 16;
export const MISSING_MAX = 0.1;

/** Answers kept for who asks the same again: some 2 MiB. */
export const HOT_ANSWERS_MAX = 1_024;

/** Lists read by default: recall 0.95 and more on clustered embeddings, at a few milliseconds. */
export const PROBES_DEFAULT = 8;

/** Centroids of one part of a vector: a code is a byte. */
export const CODE_CENTROIDS = 256;

/** Embeddings that centroids of codes are learned from, and rounds of it. */
export const CODE_SAMPLE_MAX = 2_048;
export const CODE_ROUNDS = 6;
