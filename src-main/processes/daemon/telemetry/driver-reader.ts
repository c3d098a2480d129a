/**
 * Decides how the process that reads drivers is led: killed when it is silent for 10 s, begun
 * again after a pause that doubles, without the device that hung. The daemon itself never waits.
 */

import { MACHINE_ROOTS } from "../../../adapters/telemetry/index.ts";
import type { WatchRoots } from "../../../adapters/telemetry/index.ts";
import type { Child } from "../../../miner/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import { NOTHING_TOLD } from "../../../ports/device-telemetry.ts";
import type { DeviceSample, WatchedDevice } from "../../../ports/device-telemetry.ts";
import type { Log } from "../../../ports/log.ts";
import type { LimitAnswer, LimitWish } from "../../../ports/power-limit.ts";
import { checkReaderTold } from "./reader-messages.ts";
import type { AskLimit, BeginReading } from "./reader-messages.ts";

/**
 * A card that wakes from sleep may take some seconds. Looks are counted, not the clock's time:
 * a machine that was asleep would blame a device for it.
 */
const LOOK_EVERY_MS = 5_000;
const SILENT_LOOKS_MAX = 2;

/** Pause before a reader is begun again; doubled up to the last. */
const PAUSE_MS = { first: 30_000, last: 600_000 } as const;

/** A device that hung is asked again after this, then after twice as long each time. */
const LEFT_OUT_MS = { first: 600_000, last: 86_400_000 } as const;

/** How long a limit may take; a driver that takes longer is found to hang by its silence. */
const LIMIT_WITHIN_MS = 2_000;

/** A sample older than this says nothing of now. */
const FRESH_MS = 3_000;

/** What a reader is led with. */
export interface DriverReaderNeeds {
  readonly fork: () => Child;
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: readonly (readonly [string, string])[];
  /** Where the machine is shown; the machine's own where it is not said. */
  readonly roots?: WatchRoots;
  /** Told when the list of devices is another. */
  readonly onDevices: (devices: readonly WatchedDevice[]) => void;
}

/** Leads one reader process. */
export class DriverReader {
  readonly #needs: DriverReaderNeeds;
  readonly #without = new Set<string>();
  #ids: readonly string[] = [];
  /** By a device's id: another life's list may leave some out. */
  readonly #samples = new Map<string, DeviceSample>();
  /** The device that is being opened; null before the first and once all are listed. */
  #opening: string | null = null;
  readonly #asked = new Map<number, (answer: LimitAnswer | undefined) => void>();
  #ask = 0;
  #child: Child | null = null;
  /** Whether it was heard since it was last looked at, and how often in a row it was not. */
  #heard = false;
  #silentLooks = 0;
  #lastIndex = -1;
  #pauseMs: number = PAUSE_MS.first;
  #cancel: () => void = () => undefined;
  #leftOutMs: number = LEFT_OUT_MS.first;
  #cancelRetry: () => void = () => undefined;
  #closed = false;

  constructor(needs: DriverReaderNeeds) {
    this.#needs = needs;
    this.#begin();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#cancelRetry();
    this.#child?.kill();
    this.#child = null;
    this.#unanswered();
  }

  /** Reads or sets a device's own limit of power; undefined where no answer came in time. */
  limit(id: string, wish: LimitWish): Promise<LimitAnswer | undefined> {
    const child = this.#child;
    if (child === null) return Promise.resolve(undefined);
    this.#ask += 1;
    const asking: AskLimit = { kind: "limit", ask: this.#ask, id, wish };
    return new Promise((resolve) => {
      const settle = (answer: LimitAnswer | undefined): void => {
        cancel();
        this.#asked.delete(asking.ask);
        resolve(answer);
      };
      const cancel = this.#needs.clock.after(LIMIT_WITHIN_MS, () => settle(undefined));
      this.#asked.set(asking.ask, settle);
      child.send(asking);
    });
  }

  #unanswered(): void {
    for (const settle of [...this.#asked.values()]) settle(undefined);
  }

  #begin(): void {
    if (this.#closed) return;
    let child: Child;
    try {
      child = this.#needs.fork();
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error), false);
      return;
    }
    this.#child = child;
    this.#heard = false;
    this.#silentLooks = 0;
    this.#lastIndex = -1;
    this.#opening = null;
    this.#ids = [];
    child.onMessage((message) => {
      if (this.#child === child) this.#hear(message);
    });
    child.onExit(({ code, signal }) => {
      if (this.#child === child) this.#lose(`it ended with ${signal ?? code ?? "no code"}`, false);
    });
    const begin: BeginReading = {
      kind: "begin",
      ...(this.#needs.roots ?? MACHINE_ROOTS),
      ids: this.#needs.ids,
      without: [...this.#without],
    };
    child.send(begin);
    this.#watch();
  }

  #watch(): void {
    this.#cancel = this.#needs.clock.after(LOOK_EVERY_MS, () => {
      this.#silentLooks = this.#heard ? 0 : this.#silentLooks + 1;
      this.#heard = false;
      if (this.#silentLooks >= SILENT_LOOKS_MAX) this.#lose("it was silent", true);
      else this.#watch();
    });
  }

  #hear(message: unknown): void {
    const told = checkReaderTold(message);
    if (told === null) return;
    this.#heard = true;
    if (told.kind === "opening") {
      this.#opening = told.id;
      return;
    }
    if (told.kind === "limit") {
      this.#opening = null;
      this.#asked.get(told.ask)?.(told.answer);
      return;
    }
    if (told.kind === "sample") {
      const id = this.#ids[told.index];
      if (id === undefined) return;
      this.#lastIndex = told.index;
      this.#samples.set(id, told.sample);
      // A whole round says that all is well again.
      if (told.index === this.#ids.length - 1) this.#pauseMs = PAUSE_MS.first;
      return;
    }
    this.#opening = null;
    this.#ids = told.devices.map(({ id }) => id);
    this.#samples.clear();
    // Nothing to read: the process would only take memory.
    if (told.devices.length === 0) this.close();
    this.#needs.onDevices(
      told.devices.map((device) => ({
        ...device,
        sample: () => this.#sampleOf(device.id),
        close: () => undefined,
      })),
    );
  }

  #sampleOf(id: string): DeviceSample {
    const nowMs = this.#needs.clock.nowMs();
    const sample = this.#samples.get(id);
    const isFresh = sample !== undefined && Math.abs(nowMs - sample.atMs) <= FRESH_MS;
    return isFresh ? sample : { ...NOTHING_TOLD, atMs: nowMs };
  }

  #lose(why: string, hung: boolean): void {
    const device = hung ? this.#hanging() : undefined;
    if (device !== undefined) this.#leaveOut(device);
    this.#needs.log.warn("what drivers say could not be read", {
      code: "TELEMETRY_READER",
      reason: why,
      ...(device === undefined ? {} : { device }),
    });
    this.#cancel();
    this.#samples.clear();
    const child = this.#child;
    this.#child = null;
    child?.kill();
    this.#unanswered();
    if (this.#closed) return;
    this.#cancel = this.#needs.clock.after(this.#pauseMs, () => this.#begin());
    this.#pauseMs = Math.min(PAUSE_MS.last, this.#pauseMs * 2);
  }

  /** For a time: it may be reset meanwhile. */
  #leaveOut(device: string): void {
    this.#without.add(device);
    this.#cancelRetry();
    this.#cancelRetry = this.#needs.clock.after(this.#leftOutMs, () => {
      this.#without.clear();
      this.#cancel();
      const child = this.#child;
      this.#child = null;
      child?.kill();
      this.#unanswered();
      this.#begin();
    });
    this.#leftOutMs = Math.min(LEFT_OUT_MS.last, this.#leftOutMs * 2);
  }

  /** Whoever follows the last that was heard of; nobody where the reader never said a word. */
  #hanging(): string | undefined {
    return this.#opening ?? this.#ids[(this.#lastIndex + 1) % this.#ids.length];
  }
}
