/** The face of counting: readings in, rows out. */

export { SourceIntegration, trustedDistance } from "./integrate-source.ts";
export type { IntegrationSettings, Taken, TakenReading } from "./integrate-source.ts";
export { UNKNOWN_SITE_WATTS, UNKNOWN_SOURCE_WATTS } from "./limits.ts";
export { mergedRow, weakerClock, weakerQuality } from "./open-rows.ts";
export { rowStart } from "./spread.ts";
