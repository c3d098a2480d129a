/**
 * Decides what the daemon knows of the grid and of prices: rows that were fetched and kept, and the
 * yearly table where nobody is asked. Average and marginal intensity are kept apart everywhere.
 */

import { factorAt, hourlyFactors, meanFactor } from "../../../energy/index.ts";
import type { EnergySignal, EnergySignals } from "../../../contract/control-api/index.ts";
import type { EnergyStore, SignalKind, SignalRow } from "../../../ports/energy-store.ts";
import type { MeterFailure } from "./meter-watch.ts";

/** A data set that factors come from. */
export interface SignalDataset {
  /** As rows name it (`SignalRow.source`). */
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly attribution: string;
}

/** One signal that the settings ask for. */
export interface ConfiguredSignal {
  readonly kind: SignalKind;
  readonly zone: string;
  readonly source: string;
  /** A value for all times, of a table. */
  readonly constant: number | null;
  /** Why its newest fetch failed. */
  readonly failure: () => MeterFailure | null;
  readonly fetchedMs: () => number | null;
}

/** A factor of a stretch and who says so. */
export interface Factor {
  readonly value: number;
  readonly source: string;
  readonly estimated: boolean;
}

const HOUR_MS = 3_600_000;
/** Hours of forecast that are given: what the services have. */
const FORECAST_HOURS = 72;
/** Values of one signal in an answer. */
const POINTS_MAX = 256;

/** The signals, for whoever accounts or decides when to run. */
export class Signals {
  readonly #store: EnergyStore;
  readonly #signals: readonly ConfiguredSignal[];
  readonly datasets: readonly SignalDataset[];

  constructor(
    store: EnergyStore,
    signals: readonly ConfiguredSignal[],
    datasets: readonly SignalDataset[],
  ) {
    this.#store = store;
    this.#signals = signals;
    this.datasets = datasets;
  }

  has(kind: SignalKind): boolean {
    return this.#of(kind) !== undefined;
  }

  /** The data set of a source, as reports name it; undefined for none of now's. */
  datasetOf(source: string): { readonly dataset: string; readonly licence: string } | undefined {
    const found = this.datasets.find((one) => one.source === source);
    if (found === undefined) return undefined;
    return { dataset: `${found.name} ${found.version}`, licence: found.licence };
  }

  /** The mean over a stretch; null where a part of it has no value. */
  factor(kind: SignalKind, fromMs: number, toMs: number): Factor | null {
    const signal = this.#of(kind);
    if (signal === undefined) return null;
    const { source, constant } = signal;
    if (constant !== null) return { value: constant, source, estimated: true };
    const rows = this.#rows(signal, fromMs, toMs);
    const value = meanFactor(rows, fromMs, toMs);
    if (value === null) return null;
    return { value, source, estimated: rows.some((row) => row.estimated || row.forecast) };
  }

  /** The value at a moment. */
  at(kind: SignalKind, atMs: number): number | null {
    const signal = this.#of(kind);
    if (signal === undefined) return null;
    return signal.constant ?? factorAt(this.#rows(signal, atMs, atMs + 1), atMs)?.value ?? null;
  }

  /** Means by hour from the one that runs on; null for hours that nobody foretells. */
  hourly(kind: SignalKind, fromMs: number, hours: number) {
    const signal = this.#of(kind);
    if (signal === undefined) return [];
    const toMs = fromMs + hours * HOUR_MS + HOUR_MS;
    const { constant } = signal;
    const all = [{ startMs: 0, endMs: Number.MAX_SAFE_INTEGER, value: constant ?? 0 }];
    const rows = constant === null ? this.#rows(signal, fromMs, toMs) : all;
    return hourlyFactors(rows, fromMs, hours);
  }

  /** Everything as the control API says it; `price` is made by whoever knows the tariff. */
  answer(nowMs: number): Omit<EnergySignals, "currency"> {
    return {
      average: this.#answerOf("carbon-average", nowMs),
      marginal: this.#answerOf("carbon-marginal", nowMs),
      carbonFree: this.#answerOf("carbon-free-share", nowMs),
      price: this.#answerOf("price", nowMs),
    };
  }

  #answerOf(kind: SignalKind, nowMs: number): EnergySignal | null {
    const signal = this.#of(kind);
    if (signal === undefined) return null;
    const { source, zone, constant } = signal;
    const scale = kind === "price" ? 1 : kind === "carbon-free-share" ? 1_000_000 : 1_000;
    const failure = signal.failure();
    const fixed = { startMs: nowMs, endMs: nowMs + HOUR_MS, value: constant ?? 0 };
    const rows =
      constant === null ? this.#rows(signal, nowMs, nowMs + FORECAST_HOURS * HOUR_MS) : [];
    const now = constant === null ? factorAt(rows, nowMs) : fixed;
    const point = ({ startMs, endMs, value }: typeof fixed) => {
      return { startMs, endMs, value: value / scale };
    };
    return {
      source,
      zone,
      now: now === null ? null : point(now),
      estimated: constant !== null || rows.some((row) => row.estimated),
      forecast: rows
        .filter(({ startMs }) => startMs > nowMs)
        .slice(0, POINTS_MAX)
        .map(point),
      fetchedMs: signal.fetchedMs(),
      code: failure?.code ?? null,
      facts: { ...failure?.facts },
    };
  }

  #of(kind: SignalKind): ConfiguredSignal | undefined {
    return this.#signals.find((one) => one.kind === kind);
  }

  /** Rows that reach into the span; one of them may begin an hour before. */
  #rows({ kind, zone }: ConfiguredSignal, fromMs: number, toMs: number): SignalRow[] {
    const rows = this.#store.signals(kind, zone, fromMs - 2 * HOUR_MS, toMs);
    return rows.filter(({ endMs }) => endMs > fromMs);
  }
}
