/**
 * The face of the meters: what this machine can count of the energy it uses, and others' meters.
 */
export type { AppleDescription } from "./apple.ts";
export type { DeclaredDescription } from "./declared.ts";
export { METER_KINDS, checkMeterDescription, openMeter } from "./describe.ts";
export type { MeterDescription, MeterKind } from "./describe.ts";
export { discoverMeters, tryMeter } from "./discover.ts";
export type { DiscoveredMeter } from "./discover.ts";
export type { HomeAssistantDescription } from "./home-assistant.ts";
export type { HwmonDescription } from "./hwmon.ts";
export type { MeterNeeds } from "./meter-needs.ts";
export { isCounter, openPackageCounter } from "./package-counter.ts";
export type { NoCounter } from "./package-counter.ts";
export type { RaplDescription } from "./rapl.ts";
export type { Secret } from "./secret.ts";
export type { ShellyDescription } from "./shelly.ts";
export type { SunspecDescription } from "./sunspec.ts";
export type { TasmotaDescription } from "./tasmota.ts";
export type { TdpDescription } from "./tdp-model.ts";
export type { WindowsEmiDescription } from "./windows-emi.ts";
