/** Codes of the search accelerator: why searches are answered from the committed index alone. */
export const SEARCH_CODES = {
  SEARCH_ACCELERATOR_ABSENT:
    "The search accelerator does not load here, so large collections answer more slowly; delete " +
    "node_modules and run npm start.",
  SEARCH_ACCELERATOR_DISAGREES:
    "The search accelerator does not find what is there and is not used; report the processor.",
  SEARCH_ACCELERATOR_MISSES:
    "The search accelerator missed entries that the committed index has and is not used for that " +
    "collection until the daemon starts again; nothing is to be done, answers are right.",
  SEARCH_ACCELERATOR_FAILED:
    "A collection could not be made faster to search; nothing is to be done, the committed index " +
    "answers.",
  SEARCH_ACCELERATOR_SLOW:
    "Making a collection faster to search took longer than 10 minutes and was given up; nothing " +
    "is to be done, the committed index answers.",
} as const;
