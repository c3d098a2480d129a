/** The face of the meters: what this machine can count of the energy it uses, and others' meters. */
export { METER_KINDS, checkMeterDescription, openMeter } from "./describe.ts";
export type { MeterDescription, MeterKind } from "./describe.ts";
export type { MeterNeeds } from "./meter-needs.ts";
export { isCounter, openPackageCounter } from "./package-counter.ts";
export type { NoCounter } from "./package-counter.ts";
export type { Secret } from "./secret.ts";
export type { ShellyDescription } from "./shelly.ts";
export type { SunspecDescription } from "./sunspec.ts";
