/**
 * Decides how one meter is asked: on its own schedule, one reading at a time. A meter that fails is
 * asked again after a pause that grows to five minutes; nothing that it does reaches the daemon.
 */

import { Fault } from "../../../contract/outcome.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Meter, MeterIdentity, MeterReading } from "../../../ports/meter.ts";
import type { MeterPlace } from "./processor-model.ts";

/** Longest pause before a failed meter is asked again. */
const PAUSE_MAX_MS = 300_000;

/** A reading may take 10 s by the port's own word; beyond it the meter is taken to hang. */
const READ_WITHIN_MS = 15_000;

/** Opening asks drivers and files, never people. */
const OPEN_WITHIN_MS = 15_000;

/** Why a meter gives nothing now. */
export interface MeterFailure {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** What is watched. */
export interface WatchedMeter {
  /** As it is called before it is open. */
  readonly id: string;
  readonly configured: boolean;
  /** Whose energy it will count once it is open. */
  readonly place: MeterPlace;
  readonly open: () => Promise<Meter>;
}

/** Whom it tells. */
export interface MeterWatchNeeds {
  readonly clock: Clock;
  readonly onOpen: (meter: Meter) => void;
  readonly onReading: (meter: Meter, reading: MeterReading) => void;
  readonly onFailure: (id: string, failure: MeterFailure, isNew: boolean) => void;
}

/** Asks one meter until it is stopped. */
export class MeterWatch {
  readonly id: string;
  readonly configured: boolean;
  readonly #source: WatchedMeter;
  readonly #needs: MeterWatchNeeds;
  #meter: Meter | null = null;
  #failure: MeterFailure | null = null;
  #failures = 0;
  #last: MeterReading | null = null;
  #lastMs: number | null = null;
  #retryMs: number | null = null;
  #cancel: () => void = () => undefined;
  #stopped = false;
  #round: Promise<void> = Promise.resolve();

  constructor(source: WatchedMeter, needs: MeterWatchNeeds) {
    this.id = source.id;
    this.configured = source.configured;
    this.#source = source;
    this.#needs = needs;
  }

  get identity(): MeterIdentity | null {
    return this.#meter?.identity ?? null;
  }

  /** Whose energy it counts or is about to; null where it could not be opened. */
  get place(): MeterPlace | null {
    return this.identity ?? (this.#failure === null ? this.#source.place : null);
  }

  get readEveryMs(): number | null {
    return this.#meter?.readEveryMs ?? null;
  }

  get failure(): MeterFailure | null {
    return this.#failure;
  }

  get retryMs(): number | null {
    return this.#retryMs;
  }

  /** When it was last heard, by the daemon's clock. */
  get lastMs(): number | null {
    return this.#lastMs;
  }

  get last(): MeterReading | null {
    return this.#last;
  }

  start(): void {
    this.#round = this.#ask();
  }

  /** Ends within the time a reading may take. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#round;
    await this.#meter?.close().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    const { clock, onOpen, onReading, onFailure } = this.#needs;
    const begunMs = clock.nowMs();
    try {
      if (this.#meter === null) {
        const meter = await this.#within(OPEN_WITHIN_MS, this.#source.open());
        this.#meter = meter;
        onOpen(meter);
      }
      const meter = this.#meter;
      const reading = await this.#within(READ_WITHIN_MS, meter.read());
      if (this.#stopped) return;
      [this.#last, this.#lastMs] = [reading, clock.nowMs()];
      [this.#failure, this.#failures, this.#retryMs] = [null, 0, null];
      onReading(meter, reading);
      const took = Math.max(0, clock.nowMs() - begunMs);
      this.#later(Math.max(100, meter.readEveryMs - took));
    } catch (error) {
      if (this.#stopped) return;
      const failure = failureOf(error);
      const isNew = this.#failure?.code !== failure.code;
      this.#failure = failure;
      this.#failures += 1;
      const least = this.#meter?.readEveryMs ?? 5_000;
      // A meter that answers and has no value now (a card that sleeps) may have one at any time.
      const isDoubled = failure.code !== "METERS_NO_VALUE";
      const times = isDoubled ? 2 ** (this.#failures - 1) : 1;
      const pause = Math.min(PAUSE_MAX_MS, Math.max(5_000, least) * times);
      this.#retryMs = clock.nowMs() + pause;
      onFailure(this.id, failure, isNew);
      this.#later(pause);
    }
  }

  #later(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#needs.clock.after(delayMs, () => {
      this.#round = this.#ask();
    });
  }

  #within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#needs.clock.after(limitMs, () => {
        reject(new Fault("METERS_TIMEOUT", `${this.id} does not answer`, { meter: this.id }));
      });
      promise.then(resolve, reject).finally(cancel);
    });
  }
}

function failureOf(error: unknown): MeterFailure {
  if (error instanceof Fault) return { code: error.code, facts: error.facts };
  const why = error instanceof Error ? error.message : String(error);
  return { code: "METERS_COUNTER", facts: { why: why.slice(0, 256) } };
}
