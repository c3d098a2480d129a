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
  sumStretch,
  unitFigures,
  unitSums,
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
  factorAt,
  hourlyFactors,
  matchRow,
  meanFactor,
  sourceTotals,
  tierRank,
  TIERS,
  weakestTier,
} from "./sources/index.ts";
export type {
  Attributes,
  FactorSpan,
  MatchedRow,
  SourceRow,
  SourceTotals,
} from "./sources/index.ts";
