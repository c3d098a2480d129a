/** The face of grid signals. */

export { askElectricityMaps } from "./electricity-maps.ts";
export { askPrices } from "./price-signal.ts";
export { STATIC_DATASETS, staticFactors } from "./static-table.ts";
export type { StaticFactors } from "./static-table.ts";
export { askUkCarbonIntensity, UK_DATASET } from "./uk-carbon-intensity.ts";
export { askWattTime } from "./watt-time.ts";
