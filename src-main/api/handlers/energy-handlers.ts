/** Decides how calls about energy are answered: by whoever counts it, or that nobody does. */

import type {
  EnergyHours,
  EnergyNow,
  EnergySignals,
  EnergySources,
  EnergyUnits,
  RewardEnergy,
} from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";

/** Whoever counts energy. */
export interface EnergyNeeds {
  now(): EnergyNow;
  /** @rejects ENERGY_SPAN */
  hours(asked: { fromMs: number; toMs: number; step: number }): Outcome<EnergyHours>;
  units(limit: number): EnergyUnits;
  /** What a payment for a unit took; unknown figures are null. */
  reward(unit: string, amountBase: bigint): RewardEnergy;
  sources(): EnergySources;
  signals(): EnergySignals;
}

type EnergyMethod =
  "energy.now" | "energy.hours" | "energy.units" | "energy.sources" | "energy.signals";

/**
 * The handlers.
 * @param energy  null where energy is not counted: every call is refused with ENERGY_OFF
 */
export function energyHandlers(energy: EnergyNeeds | null): Pick<Handlers, EnergyMethod> {
  const answer = <T>(make: (counted: EnergyNeeds) => T): Promise<Outcome<T>> =>
    Promise.resolve(energy === null ? reject("ENERGY_OFF") : accept(make(energy)));
  return {
    "energy.now": () => answer((counted) => counted.now()),
    "energy.hours": (asked) =>
      Promise.resolve(energy === null ? reject("ENERGY_OFF") : energy.hours(asked)),
    "energy.units": ({ limit }) => answer((counted) => counted.units(limit)),
    "energy.sources": () => answer((counted) => counted.sources()),
    "energy.signals": () => answer((counted) => counted.signals()),
  };
}
