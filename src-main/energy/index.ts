/** The face of the energy room. */

export {
  mergedRow,
  rowStart,
  SourceIntegration,
  trustedDistance,
  UNKNOWN_SITE_WATTS,
  UNKNOWN_SOURCE_WATTS,
} from "./integrate/index.ts";
export type { IntegrationSettings, Taken, TakenReading } from "./integrate/index.ts";
export {
  chooseLoad,
  bestByDevice,
  costOf,
  EnergyTrack,
  loadStretch,
  priceAt,
  rewardFigures,
  sumStretch,
  unitFigures,
  unitSums,
  wholeUnit,
} from "./account/index.ts";
export type {
  ChosenLoad,
  LoadStretch,
  PricedEnergy,
  RowsOf,
  StretchSum,
  Tariff,
  TariffNeeds,
  TrackPoint,
  UnitFigures,
  UnitSums,
} from "./account/index.ts";
export {
  EMPTY_STORE,
  factorAt,
  hourlyFactors,
  matchRow,
  meanFactor,
  mixedFlow,
  seenMs,
  surplusNow,
  sourceTotals,
  tierRank,
  TIERS,
  unseenOf,
  weakestTier,
} from "./sources/index.ts";
export type {
  Attributes,
  FactorSpan,
  MatchedRow,
  MixedFlow,
  SourceRow,
  SourceTotals,
  StoreContent,
  StoreFlow,
} from "./sources/index.ts";
