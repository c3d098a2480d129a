/**
 * Decides how the daemon's numbers read for Prometheus: names and labels are fixed, values are
 * only those somebody measured. A metric without a source has its help text and no value.
 */

import { Counter, Gauge, Registry } from "prom-client";

/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly kind: "counter" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric. Counters begin at 0 with the daemon; no label names a wallet or a job. */
export const METRICS = {
  miner_energy_joules_total: {
    kind: "counter",
    help: "Energy measured, in joules; rate() of it is watts.",
    labels: ["device", "source", "tier"],
  },
  miner_work_units_total: {
    kind: "counter",
    help: "Work units of this machine that the ledger ended, since the daemon started.",
    labels: ["result"],
  },
  miner_proofs_total: {
    kind: "counter",
    help: "Proofs of learning of this machine that were judged, since the daemon started.",
    labels: ["result"],
  },
  miner_reward_units_total: {
    kind: "counter",
    help: "VIV that the ledger paid to this machine's accounts, since the daemon started.",
    labels: ["state"],
  },
  miner_device_temperature_celsius: {
    kind: "gauge",
    help: "Temperature by the system's sensor, or of a device by its id.",
    labels: ["sensor", "device"],
  },
  miner_device_utilization_ratio: {
    kind: "gauge",
    help: "Share of the last second in which a device was busy, 0 to 1; busy is not work done.",
    labels: ["device"],
  },
  miner_device_power_limit_watts: {
    kind: "gauge",
    help: "Power limit that the system enforces.",
    labels: ["device"],
  },
  miner_device_throttled_seconds_total: {
    kind: "counter",
    help: "Time a device was slowed or held back; without a device, the system's own count.",
    labels: ["reason", "device"],
  },
  miner_device_temperature_limit_celsius: {
    kind: "gauge",
    help: "Temperature at which work pauses, goes on or stops, of a device in use.",
    labels: ["device", "what"],
  },
  miner_device_enabled: {
    kind: "gauge",
    help: "1 where its owner lets a device work, 0 where it is switched off.",
    labels: ["device"],
  },
  miner_device_power_cap_watts: {
    kind: "gauge",
    help: "Cap of a device's mean power that is in force, by its owner's limit or by a rule.",
    labels: ["device", "origin"],
  },
  miner_device_power_cap_duty_ratio: {
    kind: "gauge",
    help: "Share of the time in which work runs under a cap, 0 to 1; 0 where it waits.",
    labels: ["device"],
  },
  miner_device_power_cap_state: {
    kind: "gauge",
    help: "1 for the way in which a cap is kept, 0 for the others; deadline is above it.",
    labels: ["device", "state"],
  },
  miner_work_held: {
    kind: "gauge",
    help: "1 for why work is held now, 0 for the others; all are 0 where nothing holds it.",
    labels: ["reason"],
  },
  miner_ledger_gini_ratio: {
    kind: "gauge",
    help: "Gini coefficient over accounts, 0 to 1; 0 where all have the same.",
    labels: ["of"],
  },
  miner_ledger_nakamoto_accounts: {
    kind: "gauge",
    help: "Least number of accounts with over a third of votes or bonds, over half of the others.",
    labels: ["of"],
  },
  miner_ledger_greatest_share_ratio: {
    kind: "gauge",
    help: "What the account with most has of all, 0 to 1.",
    labels: ["of"],
  },
  miner_state: {
    kind: "gauge",
    help: "1 for the state the miner is in, 0 for the others.",
    labels: ["state"],
  },
  miner_meter_coverage_ratio: {
    kind: "gauge",
    help: "Share of the running UTC day that the load's sources measured, 0 to 1.",
    labels: ["boundary"],
  },
  miner_hourly_match_ratio: {
    kind: "gauge",
    help: "Share of metered energy matched hourly by declared sources.",
    labels: ["tier"],
  },
  miner_storage_charge_ratio: {
    kind: "gauge",
    help: "How full the owner's battery is, 0 to 1; of several the least full one.",
    labels: ["what"],
  },
  miner_grid_carbon_grams_per_kwh: {
    kind: "gauge",
    help: "Carbon intensity of the grid, grams of CO2 equivalent per kWh.",
    labels: ["source"],
  },
  miner_build_info: {
    kind: "gauge",
    help: "1; the labels say which program runs.",
    labels: ["version", "node"],
  },
  miner_last_success_timestamp_seconds: {
    kind: "gauge",
    help: "When the newest unit was paid since the daemon started, in seconds since 1970.",
    labels: ["what"],
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** Values by metric; what is absent has none now. */
export type Readings = Readonly<Partial<Record<MetricName, readonly Sample[]>>>;

/** Media type of the text format. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The whole answer to one scrape. */
export async function metricsText(readings: Readings): Promise<string> {
  const registry = new Registry();
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const { kind, help, labels } = METRICS[name];
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const samples = readings[name] ?? [];
    if (kind === "counter") {
      const counter = new Counter(options);
      for (const { labels: given, value } of samples) counter.inc({ ...given }, value);
    } else {
      const gauge = new Gauge(options);
      for (const { labels: given, value } of samples) gauge.set({ ...given }, value);
    }
  }
  return registry.metrics();
}
