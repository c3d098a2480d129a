/** The face of sources: matching, factors, evidence. */

export { TIERS, tierRank, weakestTier } from "./evidence.ts";
export { matchRow, sourceTotals } from "./match-rows.ts";
export type { Attributes, MatchedRow, SourceRow, SourceTotals } from "./match-rows.ts";
export { factorAt, hourlyFactors, meanFactor } from "./mean-factor.ts";
export type { FactorSpan } from "./mean-factor.ts";
export { EMPTY_STORE, mixedFlow, seenMs, unseenOf } from "./storage-mix.ts";
export type { MixedFlow, StoreContent, StoreFlow } from "./storage-mix.ts";
export { surplusNow } from "./surplus.ts";
export type { FlowsNow } from "./surplus.ts";
