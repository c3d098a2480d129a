/** Decides how the units of meters become millijoules, and which figures are none. */

import { Fault } from "../../contract/outcome.ts";
import { MILLIJOULES_MAX } from "./limits.ts";

/** One watt hour. */
export const MILLIJOULES_PER_WATT_HOUR = 3_600_000;

/** Millijoules of one of each unit of energy that meters use. */
const ENERGY_UNITS: Readonly<Record<string, number>> = {
  J: 1_000,
  kJ: 1_000_000,
  MJ: 1_000_000_000,
  Wh: MILLIJOULES_PER_WATT_HOUR,
  kWh: MILLIJOULES_PER_WATT_HOUR * 1e3,
  MWh: MILLIJOULES_PER_WATT_HOUR * 1e6,
};

/** Watts of one of each unit of power. */
const POWER_UNITS: Readonly<Record<string, number>> = { mW: 1e-3, W: 1, kW: 1e3, MW: 1e6 };

/** Whether the unit is one of energy. */
export function isEnergyUnit(unit: string): boolean {
  return Object.hasOwn(ENERGY_UNITS, unit);
}

/** Whether the unit is one of power. */
export function isPowerUnit(unit: string): boolean {
  return Object.hasOwn(POWER_UNITS, unit);
}

/**
 * A register's value as a safe integer of millijoules, rounded to the nearest.
 * Throws Fault METERS_ANSWER where the value is negative, no number or beyond 2^53 − 1.
 */
export function toMillijoules(value: number, unit: string): number {
  return registerMillijoules(value * (ENERGY_UNITS[unit] ?? NaN));
}

/** The same of a value that is in millijoules already. */
export function registerMillijoules(value: number): number {
  const rounded = Math.round(value);
  // -0 would stand apart from 0 in every comparison of texts.
  if (rounded >= 0 && rounded <= MILLIJOULES_MAX) return rounded === 0 ? 0 : rounded;
  throw new Fault("METERS_ANSWER", "the meter's register holds no possible energy", {
    millijoules: String(value),
  });
}

/** Power in watts. Throws Fault METERS_ANSWER where it is no number. */
export function toWatts(value: number, unit: string): number {
  const watts = value * (POWER_UNITS[unit] ?? NaN);
  if (Number.isFinite(watts)) return watts === 0 ? 0 : watts;
  throw new Fault("METERS_ANSWER", "the meter's power is no number", { watts: String(value) });
}
