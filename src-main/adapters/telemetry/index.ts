/** The face of telemetry: what can be watched, and what becomes of each second. */
export { HourRing, RING_SECONDS } from "./hour-ring.ts";
export type { SecondValue } from "./hour-ring.ts";
export { RowFold } from "./row-fold.ts";
export { joinPoints, SECOND_MS, seriesSource } from "./series.ts";
export type { SeriesPoint, SeriesSpan } from "./series.ts";
export { powerCapFiles } from "./graphics-cards.ts";
export { hasDriverDevices, openDriverDevices, openProcessor } from "./watched-devices.ts";
export type { WatchOptions } from "./watched-devices.ts";
export type { DriverDevice } from "./watch-amd.ts";
export { MACHINE_ROOTS } from "./watch-roots.ts";
export type { WatchRoots } from "./watch-roots.ts";
