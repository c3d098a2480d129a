/**
 * Decides which signals of the grid the daemon has: the yearly table without asking anyone, or the
 * services that the settings name. Average and marginal intensity come from different services and
 * are kept as different kinds.
 */

import {
  askElectricityMaps,
  askPrices,
  askUkCarbonIntensity,
  askWattTime,
  STATIC_DATASETS,
  staticFactors,
  UK_DATASET,
} from "../../../adapters/grid-signals/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EnergyStore, SignalKind, SignalRow } from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import type { EnergySettings } from "../../config/energy-keys.ts";
import { SignalPoll } from "./signal-poll.ts";
import type { PolledService } from "./signal-poll.ts";
import { Signals } from "./signals.ts";
import type { ConfiguredSignal, SignalDataset } from "./signals.ts";

const HOUR_MS = 3_600_000;

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

const ELECTRICITY_MAPS_DATASET: SignalDataset = {
  source: "electricitymaps",
  name: "Electricity Maps API",
  version: "v3",
  licence: "by the key's own terms",
  attribution: "Electricity Maps, https://www.electricitymaps.com",
};

const WATT_TIME_DATASET: SignalDataset = {
  source: "watttime",
  name: "WattTime API, marginal (timing only)",
  version: "v3",
  licence: "by the account's own terms",
  attribution: "WattTime, https://watttime.org",
};

/** Opens what the settings name; nothing is asked before `begin`. */
export function openSignals(parts: SignalParts): OpenSignals {
  const { settings, store, clock } = parts;
  const { zone } = settings;
  const configured: ConfiguredSignal[] = [];
  const datasets: SignalDataset[] = [];
  const polls: SignalPoll[] = [];
  const poll = (
    service: Pick<PolledService, "name" | "ask">,
    kinds: readonly SignalKind[],
    place: string,
  ) => {
    const isKnown = () => {
      const nowMs = clock.nowMs();
      return store.signals(kinds[0], place, nowMs - 1_800_000, nowMs + 1).length > 0;
    };
    const one = new SignalPoll({ ...service, isKnown }, parts);
    polls.push(one);
    for (const kind of kinds) {
      configured.push({
        kind,
        zone: place,
        source: service.name,
        constant: null,
        failure: () => one.failure,
        fetchedMs: () => one.fetchedMs,
      });
    }
  };
  const kinds = ["carbon-average", "carbon-free-share"] as const;
  if (zone !== "" && settings.intensity === "electricitymaps") {
    const keyFile = settings.intensityKeyFile;
    const ask = () => askElectricityMaps({ zone, keyFile });
    poll({ name: "electricitymaps", ask }, kinds, zone);
    datasets.push(ELECTRICITY_MAPS_DATASET);
  }
  if (zone !== "" && settings.intensity === "uk-carbon-intensity") {
    const ask = () => askUkCarbonIntensity({ zone, nowMs: clock.nowMs() });
    // Only regions say what generates.
    poll({ name: "uk-carbon-intensity", ask }, zone === "GB" ? [kinds[0]] : kinds, zone);
    datasets.push({ source: "uk-carbon-intensity", ...UK_DATASET });
  }
  if (zone !== "" && settings.intensity === "static-table") {
    addTable(zone, configured, datasets);
    // Kept by the hour, as what services say is, for reports that are made from the store.
    const table = configured.filter(({ constant }) => constant !== null);
    const ask = () => Promise.resolve(tableRows(table, clock.nowMs()));
    polls.push(new SignalPoll({ name: "static-table", ask, isKnown: () => false }, parts));
  }
  const { marginalRegion: region, marginalKeyFile: keyFile } = settings;
  if (region !== "") {
    const ask = () => askWattTime({ region, keyFile });
    poll({ name: "watttime", ask }, ["carbon-marginal"], region);
    datasets.push(WATT_TIME_DATASET);
  }
  const { tariff, priceUrl: url } = settings;
  if (tariff.kind === "signal") {
    const ask = () => askPrices({ url, currency: tariff.currency });
    poll({ name: "price-url", ask }, ["price"], new URL(url).host.slice(0, 64));
  }
  return {
    signals: new Signals(store, configured, datasets),
    begin: () => {
      for (const one of polls) one.begin();
    },
    stop: () => {
      for (const one of polls) one.stop();
    },
  };
}

/** Hours of the day before this one to the day after it. */
function tableRows(table: readonly ConfiguredSignal[], nowMs: number): SignalRow[] {
  const first = Math.floor(nowMs / HOUR_MS) * HOUR_MS - 24 * HOUR_MS;
  return table.flatMap(({ kind, zone, source, constant }) =>
    Array.from({ length: 48 }, (_, hour) => {
      const startMs = first + hour * HOUR_MS;
      const span = { startMs, endMs: startMs + HOUR_MS, value: constant ?? 0 };
      return { kind, zone, source, ...span, estimated: true, forecast: false };
    }),
  );
}

/** The yearly means of a zone; nothing where no table has it. */
function addTable(zone: string, configured: ConfiguredSignal[], datasets: SignalDataset[]): void {
  const factors = staticFactors(zone);
  if (factors === null) return;
  const fixed = { zone, source: "static-table", failure: () => null, fetchedMs: () => null };
  const { averageMilligrams, carbonFreeMillionths, dataset, year } = factors;
  configured.push({ ...fixed, kind: "carbon-average", constant: averageMilligrams });
  if (carbonFreeMillionths !== null) {
    configured.push({ ...fixed, kind: "carbon-free-share", constant: carbonFreeMillionths });
  }
  const { version, ...table } = STATIC_DATASETS[dataset];
  const of = year === null ? version : `${year}, ${version}`;
  datasets.push({ source: "static-table", ...table, version: of });
}
