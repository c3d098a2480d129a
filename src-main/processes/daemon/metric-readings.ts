/** Decides where the numbers for Prometheus come from: ledger, miner and the system's sensors. */

import { sensorReader } from "../../adapters/machine/index.ts";
import type { SensorReadings, SensorValue } from "../../adapters/machine/index.ts";
import type { MetricName, OwnAccount, Readings, Sample } from "../../api/index.ts";
import type { MineState } from "../../contract/control-api/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { BASE_PER_VIV } from "../../contract/units.ts";
import type { CommitNews, Node } from "../../node/index.ts";
import { systemClock } from "../../adapters/host/index.ts";
import { spreadMetrics } from "./concentration-metrics.ts";
import type { ConcentrationSource } from "./concentration-metrics.ts";
import { limitMetrics } from "./limit-metrics.ts";
import type { LimitsNow } from "./limit-metrics.ts";
import { programVersion } from "../program-version.ts";

/** What is read. */
export interface MetricParts {
  readonly node: Pick<Node, "onCommit" | "unit">;
  readonly accounts: readonly OwnAccount[];
  readonly mineState: () => MineState;
  /** Samples about energy; none where it is not counted. */
  readonly energy?: () => Readings;
  /** Samples of the watched devices; none where none is watched. */
  readonly devices?: () => Readings;
  /** Limits of devices and what holds work; none where nothing is watched. */
  readonly limits?: () => LimitsNow;
  /** Who measures how concentrated the ledger is; nobody in some tests. */
  readonly concentration?: ConcentrationSource;
  /** Stands in for the system's sensors in tests. */
  readonly sensors?: () => Promise<SensorReadings>;
}

const STATES: readonly MineState[] = ["idle", "working", "paused", "finishing", "failed"];

/** Counts what the ledger says of this machine's work since the daemon started. */
class WorkCounts {
  readonly units = { paid: 0, voided: 0 };
  readonly proofs = { accepted: 0, disputed: 0 };
  paidBase = 0n;
  lastPaidMs: number | null = null;
  readonly #parts: MetricParts;

  constructor(parts: MetricParts) {
    this.#parts = parts;
    parts.node.onCommit((news) => this.#take(news));
  }

  #take({ effects, time }: CommitNews): void {
    for (const { effect } of effects) {
      if (effect.kind === "paid" && this.#isOwn(effect.to)) {
        this.paidBase += effect.amountBase;
        if (effect.share !== "worker") continue;
        this.units.paid += 1;
        this.lastPaidMs = Number(time);
      }
      if (effect.kind === "voided" && this.#isOwnUnit(effect.unit)) this.units.voided += 1;
      if (effect.kind === "accepted" && this.#isOwnUnit(effect.unit)) this.proofs.accepted += 1;
      if (effect.kind === "disputed" && this.#isOwnUnit(effect.unit)) this.proofs.disputed += 1;
    }
  }

  #isOwn(address: Uint8Array): boolean {
    return this.#parts.accounts.some((account) => bytesEqual(account.address, address));
  }

  #isOwnUnit(id: Uint8Array): boolean {
    const unit = this.#parts.node.unit(id);
    return unit !== undefined && this.#isOwn(unit.worker);
  }
}

/** Begins to count; answers how to read all numbers of a moment. */
export function metricReadings(parts: MetricParts): () => Promise<Readings> {
  const counts = new WorkCounts(parts);
  const sensors = parts.sensors ?? sensorReader();
  const { concentration } = parts;
  const spread = concentration === undefined ? null : spreadMetrics(concentration, systemClock);
  return async () => {
    const { celsius, limitWatts, throttledSeconds } = await sensors();
    const devices = parts.devices?.() ?? {};
    const withDevices = (name: MetricName, own: readonly Sample[]) => [
      ...own,
      ...(devices[name] ?? []),
    ];
    const state = parts.mineState();
    const paid = { labels: { state: "paid" }, value: vivOf(counts.paidBase) };
    const last = counts.lastPaidMs;
    return {
      ...parts.energy?.(),
      ...devices,
      ...(parts.limits === undefined ? {} : limitMetrics(parts.limits())),
      ...(await spread?.()),
      miner_work_units_total: byLabel("result", counts.units),
      miner_proofs_total: byLabel("result", counts.proofs),
      miner_reward_units_total: [paid],
      miner_device_temperature_celsius: withDevices(
        "miner_device_temperature_celsius",
        named("sensor", celsius),
      ),
      miner_device_power_limit_watts: withDevices(
        "miner_device_power_limit_watts",
        named("device", limitWatts),
      ),
      miner_device_throttled_seconds_total: withDevices(
        "miner_device_throttled_seconds_total",
        named("reason", throttledSeconds),
      ),
      miner_state: STATES.map((one) => ({ labels: { state: one }, value: Number(one === state) })),
      miner_build_info: [
        { labels: { version: programVersion(), node: process.version }, value: 1 },
      ],
      miner_last_success_timestamp_seconds:
        last === null ? [] : [{ labels: { what: "unit-paid" }, value: last / 1_000 }],
    };
  };
}

/** Whole VIV exactly, the rest to the nearest double: a gauge of money, not an account of it. */
function vivOf(amountBase: bigint): number {
  return Number(amountBase / BASE_PER_VIV) + Number(amountBase % BASE_PER_VIV) / 1e18;
}

function byLabel(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function named(label: string, values: readonly SensorValue[]): Sample[] {
  return values.map(({ name, value }) => ({ labels: { [label]: name }, value }));
}
