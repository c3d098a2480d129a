/** Decides how it is said what this page's trust rests on: plainly, also where that is little. */

/** Where trust began, in words after "trusts commit N, ". */
export function trustWords(basis: "genesis" | "opening"): string {
  if (basis === "genesis") {
    return (
      "checked here step by step from the network's genesis document. Everything marked " +
      "“verified here” was recomputed in this page up to that commit."
    );
  }
  return (
    "since this page was opened with “vivian open”, and the miner named its newest commit then: " +
    "the genesis document alone no longer reaches the present. What came after was checked here."
  );
}
