/**
 * Decides what rules know at a moment: what devices in use say, what the energy room tells of the
 * world, and whether the machine runs on its battery or somebody uses it. Nothing here waits: what
 * must be asked elsewhere is asked beside, and counts as long as it is fresh.
 */

import type {
  EnergyNow,
  EnergySignal,
  EnergySignals,
} from "../../../contract/control-api/index.ts";
import type { MinerState, UnitStatus } from "../../../miner/index.ts";
import { NO_SIGNALS } from "../../../energy/rules/index.ts";
import type { ForecastPoint, SignalsNow, SignalsProvider } from "../../../energy/rules/index.ts";
import type { GuardSensor } from "../../../energy/rules/signals.ts";
import type { DeviceSample } from "../../../ports/device-telemetry.ts";
import { guardSensor } from "./guard-temperature.ts";
import type { LatestSample } from "../telemetry/telemetry.ts";

/** What the energy room tells; null where energy is not counted or it has not answered. */
export interface WorldNow {
  readonly now: EnergyNow | null;
  readonly signals: EnergySignals | null;
}

/** What signals are made from. */
export interface SignalParts {
  readonly latestSamples: () => readonly LatestSample[];
  /** Name of the graphics device that trains; null where the processor does. */
  readonly graphicsName: string | null;
  readonly units: () => readonly UnitStatus[];
  readonly minerState: () => MinerState | "paused";
  readonly world: () => WorldNow;
  readonly onBattery: () => boolean | null;
  readonly userActive: () => boolean | null;
}

/** Millionths of the currency in one of it. */
const MICROS = 1e6;

/** Weight of a second in the mean of watts at work: some ten minutes are remembered. */
const WORK_WEIGHT = 1 / 600;

/** The daemon's signals. */
export class DaemonSignals implements SignalsProvider {
  readonly #parts: SignalParts;
  #workWatts: number | null = null;

  constructor(parts: SignalParts) {
    this.#parts = parts;
  }

  now(): SignalsNow {
    const { onBattery, userActive, units } = this.#parts;
    const { now, signals } = this.#parts.world();
    const samples = this.#parts.latestSamples();
    const devices = devicesInUse(samples, this.#parts.graphicsName).map(({ id, sample }) => ({
      id,
      celsius: sample?.celsius ?? null,
      ...guardOf(sample),
      fan: sample?.fan ?? null,
      watts: sample?.watts ?? null,
    }));
    const told = devices.map(({ watts }) => watts).filter((watts) => watts !== null);
    const summed = told.length === 0 ? null : told.reduce((sum, watts) => sum + watts, 0);
    const watts = now?.watts ?? summed;
    this.#learn(watts);
    const price = signals?.price ?? null;
    // When to run goes by what a kWh more causes, where that is known.
    const intensity = signals?.marginal ?? signals?.average ?? null;
    return {
      ...NO_SIGNALS,
      surplusWatts: now?.surplusWatts ?? null,
      price: valueOf(price, MICROS),
      prices: pointsOf(price, MICROS),
      currency: signals?.currency ?? null,
      intensity: valueOf(intensity, 1),
      intensities: pointsOf(intensity, 1),
      onBattery: onBattery(),
      storageShare: now?.storageShare ?? null,
      userActive: userActive(),
      watts,
      workWatts: this.#workWatts,
      devices,
      failures: failuresInARow(units()),
    };
  }

  #learn(watts: number | null): void {
    if (watts === null || this.#parts.minerState() !== "working") return;
    const before = this.#workWatts ?? watts;
    this.#workWatts = before + (watts - before) * WORK_WEIGHT;
  }
}

function guardOf(sample: DeviceSample | null): { readonly guard?: GuardSensor } {
  const guard = guardSensor(sample);
  return guard === undefined ? {} : { guard };
}

function valueOf(signal: EnergySignal | null, divisor: number): number | null {
  const value = signal?.now?.value ?? null;
  return value === null ? null : value / divisor;
}

function pointsOf(signal: EnergySignal | null, divisor: number): ForecastPoint[] {
  if (signal === null) return [];
  const all = signal.now === null ? signal.forecast : [signal.now, ...signal.forecast];
  return all.map(({ startMs, endMs, value }) => ({ startMs, endMs, value: value / divisor }));
}

/**
 * Devices that work: the processor always, since it checks what others train, and the graphics
 * device that trains. Where its name fits none that is watched, all of them count: too careful
 * rather than blind.
 */
export function devicesInUse(
  samples: readonly LatestSample[],
  graphicsName: string | null,
): readonly LatestSample[] {
  const graphics = samples.filter(({ source }) => source !== "cpu" && source !== "hwmon");
  const processors = samples.filter(({ source }) => source === "cpu");
  if (graphicsName === null) return processors;
  const name = graphicsName.toLowerCase();
  const named = graphics.filter((one) => {
    const own = one.name.toLowerCase();
    return own.includes(name) || name.includes(own);
  });
  return [...processors, ...(named.length === 0 ? graphics : named)];
}

/** Units that failed one after the other, from the newest that ended. */
export function failuresInARow(units: readonly UnitStatus[]): number {
  let failures = 0;
  for (const { phase, code } of units) {
    if (phase === "paid" || phase === "accepted") break;
    if (code !== null) failures += 1;
  }
  return failures;
}
