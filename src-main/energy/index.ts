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
