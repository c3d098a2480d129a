/** Decides what an owner is told that figures of energy lack, and what would give it. */

import type { EnergySources } from "../../../contract/control-api/index.ts";
import { tierRank } from "../../../energy/index.ts";
import type { Tariff } from "../../../energy/index.ts";
import type { ClockState } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";
import type { EnergySettings } from "../../config/energy-keys.ts";

/** What is known of how energy is counted. */
export interface CountedParts {
  readonly counted: readonly MeterIdentity[];
  readonly hasGeneration: boolean;
  readonly settings: EnergySettings;
  readonly tariff: Tariff;
  readonly hasAverage: boolean;
  readonly clock: ClockState;
}

/** One sentence for each thing that is missing; none where nothing is. */
export function missingParts(parts: CountedParts): EnergySources["missing"] {
  const { counted, hasGeneration, settings, tariff, hasAverage, clock } = parts;
  const missing: EnergySources["missing"] = [];
  const add = (what: EnergySources["missing"][number]["what"], next: string) =>
    missing.push({ what, next });
  const isMetered = counted.some(({ tier }) => tierRank(tier) <= tierRank("B"));
  if (counted.length === 0) {
    add("meter", "Nothing counts this machine's energy; name a meter under [[meters]].");
  } else if (!isMetered) {
    add("meter", "A meter in the line (a smart plug) would count all of the machine, tier B.");
  }
  if (hasGeneration && settings.attributes !== "retained") {
    const words = "Own generation counts as matched only where energy.attributes is retained.";
    add("attributes", words);
  }
  if (settings.zone === "") {
    add("zone", "Set energy.zone to the grid you are on, for carbon factors.");
  } else if (!hasAverage) {
    add("signal", "Nobody gives the carbon intensity of energy.zone; see energy.intensity.");
  }
  if (tariff.kind === "none") {
    add("tariff", "Set energy.price and energy.currency to see what energy costs.");
  }
  if (clock !== "synchronised") {
    add("clock", "The clock is not known to be right; let the system set it over the network.");
  }
  return missing;
}
