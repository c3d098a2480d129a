/** The face of accounting: which source counts, whose the energy is, what it costs. */

export { bestByDevice, chooseLoad } from "./choose-load.ts";
export type { ChosenLoad } from "./choose-load.ts";
export { EnergyTrack } from "./energy-track.ts";
export type { TrackPoint } from "./energy-track.ts";
export { loadStretch, sumStretch } from "./load-rows.ts";
export type { LoadStretch, RowsOf, StretchSum } from "./load-rows.ts";
export { rewardFigures } from "./reward-figures.ts";
export type { RewardFigures } from "./reward-figures.ts";
export { costOf, priceAt } from "./tariff.ts";
export type { PricedEnergy, Tariff, TariffNeeds } from "./tariff.ts";
export { unitFigures, unitSums } from "./unit-figures.ts";
export type { UnitFigures, UnitSums } from "./unit-figures.ts";
export { wholeUnit } from "./whole-unit.ts";
