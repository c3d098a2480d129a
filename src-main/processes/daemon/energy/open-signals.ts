/**
 * Decides which signals of the grid the daemon has: the yearly table without asking anyone, or the
 * services that the settings name.
 */

import { STATIC_DATASETS, staticFactors } from "../../../adapters/grid-signals/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EnergyStore } from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import type { EnergySettings } from "../../config/energy-keys.ts";
import { Signals } from "./signals.ts";
import type { ConfiguredSignal, SignalDataset } from "./signals.ts";

/** What they are opened with. */
export interface SignalParts {
  readonly settings: EnergySettings;
  readonly store: EnergyStore;
  readonly log: Log;
  readonly clock: Clock;
}

/** Signals and what keeps them fresh. */
export interface OpenSignals {
  readonly signals: Signals;
  begin(): void;
  stop(): void;
}

/** Opens what the settings name; nothing is asked before `begin`. */
export function openSignals({ settings, store }: SignalParts): OpenSignals {
  const configured: ConfiguredSignal[] = [];
  const datasets: SignalDataset[] = [];
  if (settings.intensity === "static-table" && settings.zone !== "") {
    const factors = staticFactors(settings.zone);
    if (factors !== null) {
      configured.push(constantSignal("carbon-average", settings.zone, factors.averageMilligrams));
      const { carbonFreeMillionths } = factors;
      if (carbonFreeMillionths !== null) {
        configured.push(constantSignal("carbon-free-share", settings.zone, carbonFreeMillionths));
      }
      datasets.push(STATIC_DATASETS[factors.dataset]);
    }
  }
  return {
    signals: new Signals(store, configured, datasets),
    begin: () => undefined,
    stop: () => undefined,
  };
}

function constantSignal(
  kind: ConfiguredSignal["kind"],
  zone: string,
  constant: number,
): ConfiguredSignal {
  const source = "static-table";
  return { kind, zone, source, constant, failure: () => null, fetchedMs: () => null };
}
