/** Rows of energy as the control API answers them, for tests of what shows them. */

import type { EnergyHour, EnergyTotals } from "../../src-main/contract/control-api/energy.ts";

const HOUR_MS = 3_600_000;

/** Row number `hour` of an hour each; nothing is known of it but what is changed. */
export function energyHour(hour: number, change: Partial<EnergyHour>): EnergyHour {
  return {
    startMs: hour * HOUR_MS,
    loadMillijoules: null,
    devices: [],
    restMillijoules: null,
    ownMillijoules: null,
    storageMillijoules: null,
    gridMillijoules: null,
    matchedMillijoules: 0,
    surplusMillijoules: 0,
    coverage: (change.loadMillijoules ?? null) === null ? 0 : 1,
    quality: null,
    tier: null,
    source: null,
    clock: null,
    resets: 0,
    gridGramsPerKwh: null,
    gridEstimated: false,
    gridSource: null,
    gridCarbonFree: null,
    marginalGramsPerKwh: null,
    residualGramsPerKwh: null,
    priceMicrosPerKwh: null,
    costMicros: null,
    ...change,
  };
}

/** Sums of which nothing is known. */
export function energyTotals(): EnergyTotals {
  return {
    loadMillijoules: null,
    ownMillijoules: null,
    measuredShare: null,
    coverage: 0,
    matchedMillijoules: 0,
    hourlyMatch: null,
    cfeScore: null,
    locationGrams: null,
    marketGrams: null,
    costMicros: null,
    currency: null,
    tier: null,
    uncertaintyPercent: null,
  };
}
