/** Decides what a tier of evidence is called, in a terminal and on the page alike. */

/** How a figure of each tier came to be; it stands after the tier's letter: "B metered". */
export const TIER_WORDS = {
  A: "revenue meter",
  B: "metered",
  C: "sensor",
  D: "modelled",
  E: "declared",
} as const;
