/** Codes of the consensus room. */
export const CONSENSUS_CODES = {
  CONSENSUS_GUARD:
    "A statement for this view was signed before and says something else, so signing stops; stop " +
    "any other daemon with these keys.",
} as const;
