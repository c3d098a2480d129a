/**
 * Decides how the devices are watched: each second one sample of each into memory, each minute the
 * rows that ended onto the disk. What the disk refuses is said once and lost; watching goes on.
 */

import {
  HourRing,
  joinPoints,
  RowFold,
  SECOND_MS,
  seriesSource,
} from "../../../adapters/telemetry/index.ts";
import type { SeriesPoint, SeriesSpan } from "../../../adapters/telemetry/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { DeviceSample, WatchedDevice } from "../../../ports/device-telemetry.ts";
import type { Log } from "../../../ports/log.ts";
import { TELEMETRY_FIELDS } from "../../../ports/telemetry-store.ts";
import type {
  TelemetryField,
  TelemetryPoint,
  TelemetryRow,
  TelemetryStore,
} from "../../../ports/telemetry-store.ts";
import { rejectionOf } from "../../../api/index.ts";

/** Seconds between writes: one sync a minute, and a minute is what a crash takes. */
const WRITE_EVERY_SECONDS = 60;

/** Rows that wait while the disk does: an hour of a full board; more is dropped. */
const PENDING_ROWS_MAX = 32_768;

/** A device and the newest that it said. */
export interface LatestSample {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly notes?: readonly string[];
  /** Null before the first. */
  readonly sample: DeviceSample | null;
}

/** The answer to a question about the past. */
export interface Series {
  readonly stepMs: number;
  readonly points: readonly SeriesPoint[];
}

/** What watching needs. */
export interface TelemetryNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** Null where nothing is kept on the disk. */
  readonly store: TelemetryStore | null;
}

/** What is known of one device. */
interface Watched {
  readonly device: WatchedDevice;
  readonly ring: HourRing;
  readonly fold: RowFold;
  latest: DeviceSample | null;
}

/** Watches devices. */
export class Telemetry {
  readonly #needs: TelemetryNeeds;
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  #pending: TelemetryRow[] = [];
  /** Rows that the store has not yet said to keep. */
  #written: readonly TelemetryRow[] = [];
  #writing: Promise<void> = Promise.resolve();
  #lastSecond = 0;
  #ticks = 0;
  #refused = false;
  #cancel: () => void = () => undefined;

  constructor(needs: TelemetryNeeds) {
    this.#needs = needs;
    this.#arm();
  }

  /** Takes devices to watch; one of the same id as another takes its place. */
  watch(devices: readonly WatchedDevice[]): void {
    for (const device of devices) {
      const known = this.#watched.get(device.id);
      known?.device.close();
      const ring = known?.ring ?? new HourRing();
      const fold = known?.fold ?? new RowFold(device.id);
      this.#watched.set(device.id, { device, ring, fold, latest: known?.latest ?? null });
    }
  }

  /** The newest of each device; a figure that is not known now is null. */
  latestSamples(): LatestSample[] {
    return [...this.#watched.values()].map(({ device, latest }) => {
      const { id, name, source, notes = [] } = device;
      return { id, name, source, ...(notes.length === 0 ? {} : { notes }), sample: latest };
    });
  }

  /** Called after each second's samples; answers how to end it. */
  onSamples(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The daemon's time. */
  readonly nowMs = (): number => this.#needs.clock.nowMs();

  /** Whether anything is known of a device, now or in the past. */
  knows(device: string): boolean {
    return this.#watched.has(device) || this.#needs.store?.devices().includes(device) === true;
  }

  /** A field of a device over a span; at most as many points as asked for, none for a gap. */
  series(device: string, field: TelemetryField, span: SeriesSpan): Series {
    const source = seriesSource(span, this.#needs.clock.nowMs());
    const from = Math.floor(span.fromMs / source.stepMs);
    const to = Math.ceil(span.toMs / source.stepMs);
    const rows =
      source.level < 0
        ? this.#seconds(device, field, from, to)
        : this.#rows(device, source.level, field, from, to);
    return joinPoints(rows, source, span);
  }

  /** Ends watching and keeps what is open. */
  async close(): Promise<void> {
    this.#cancel();
    for (const { device, fold } of this.#watched.values()) {
      this.#pending.push(...fold.end());
      device.close();
    }
    // What is being written first: a second write would wait for it and be left out.
    await this.#writing;
    this.#write();
    await this.#writing;
    await this.#needs.store?.close();
  }

  #arm(): void {
    const nowMs = this.#needs.clock.nowMs();
    // In the middle of a second: a timer that fires early by a millisecond stays in its own.
    const delayMs = SECOND_MS - ((nowMs + SECOND_MS / 2) % SECOND_MS);
    this.#cancel = this.#needs.clock.after(delayMs, () => {
      this.#tick();
      this.#arm();
    });
  }

  #tick(): void {
    const atMs = this.#needs.clock.nowMs();
    const second = Math.floor(atMs / SECOND_MS);
    if (second === this.#lastSecond) return;
    this.#lastSecond = second;
    for (const watched of this.#watched.values()) {
      const sample = watched.device.sample();
      watched.latest = sample;
      const figures = figuresOf(sample);
      watched.ring.put(second, figures);
      this.#pending.push(...watched.fold.take(atMs, figures));
    }
    this.#ticks += 1;
    if (this.#ticks % WRITE_EVERY_SECONDS === 0) this.#write();
    for (const listener of this.#listeners) listener();
  }

  #write(): void {
    const { store } = this.#needs;
    if (store === null || this.#pending.length > PENDING_ROWS_MAX) this.#pending = [];
    if (store === null || this.#pending.length === 0 || this.#written.length > 0) return;
    this.#written = this.#pending;
    this.#pending = [];
    this.#writing = store.add(this.#written).then(
      () => this.#wrote(null),
      (error: unknown) => this.#wrote(error),
    );
  }

  #wrote(error: unknown): void {
    this.#written = [];
    if (error !== null && !this.#refused) {
      const { code, facts } = rejectionOf(error);
      this.#needs.log.warn("telemetry is not kept", { code, ...facts });
    }
    this.#refused = error !== null;
  }

  #seconds(device: string, field: TelemetryField, from: number, to: number): TelemetryPoint[] {
    const seconds = this.#watched.get(device)?.ring.read(field, from, to) ?? [];
    return seconds.map(({ second, value }) => {
      return { row: second, samples: 1, mean: value, least: value, greatest: value };
    });
  }

  /** From the store, with what has ended and is not yet there. */
  #rows(
    device: string,
    level: number,
    field: TelemetryField,
    from: number,
    to: number,
  ): readonly TelemetryPoint[] {
    const kept = this.#needs.store?.read(device, level, field, from, to) ?? [];
    const index = TELEMETRY_FIELDS.indexOf(field);
    const waiting = [...this.#written, ...this.#pending].flatMap((one) => {
      const figure = one.figures[index];
      const isAsked = one.device === device && one.level === level;
      return isAsked && figure !== null && one.row >= from && one.row < to
        ? [{ row: one.row, ...figure }]
        : [];
    });
    // Being written means that the store may have it already.
    const known = new Set(kept.map(({ row }) => row));
    const more = waiting.filter(({ row }) => !known.has(row));
    return [...kept, ...more].sort((left, right) => left.row - right.row);
  }
}

/** The figures of a sample in the order of `TELEMETRY_FIELDS`. */
function figuresOf(sample: DeviceSample): (number | null)[] {
  const slowed = sample.throttle.some((reason) => reason !== "idle");
  return TELEMETRY_FIELDS.map((field) => (field === "throttled" ? Number(slowed) : sample[field]));
}
