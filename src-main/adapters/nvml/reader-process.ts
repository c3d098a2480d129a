/**
 * Decides how the reader process is led: begun when asked, killed when it does not answer in time,
 * begun again after a pause that doubles. Nothing here ever waits on the driver itself.
 */

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LimitWish } from "../../ports/power-limit.ts";
import type { Asked, NvmlListing, Opened, Told } from "./nvml-shapes.ts";

/** How long the reader may be silent: a driver that resets a device takes some seconds. */
export const SILENCE_MAX_MS = 5_000;

/** How long a single question may take before the reader counts as hanging. */
export const ANSWER_MAX_MS = 2_000;

/** The pause before a reader that hung or ended is begun again; doubled up to the last. */
const PAUSE_MS = { first: 30_000, last: 600_000 } as const;

/**
 * A device that hung is asked again after the first of these, then after twice as long each time
 * until the last: it may have been reset, and each try may cost its neighbours a pause.
 */
const LEFT_OUT_MS = { first: 600_000, last: 86_400_000 } as const;

const MODULE = fileURLToPath(new URL("./nvml-child.ts", import.meta.url));

/** What a reader is led with. */
export interface ReaderOptions {
  readonly libraries: readonly string[];
  /** How long opening may take. */
  readonly openWithinMs: number;
  /** The first pause before it is begun again. */
  readonly pauseMs?: number;
  readonly silenceMaxMs?: number;
  readonly answerMaxMs?: number;
  /** The first time for which a device that hung is left out. */
  readonly leftOutMs?: number;
}

/** What its user is told. */
export interface ReaderEvents {
  /** Each answer but those to `energy` and `limit`. */
  told(told: Told): void;
  /** It hung or ended; it is begun again by itself. */
  lost(why: string): void;
}

type Energy = Extract<Told, { kind: "energy" }>;
type Limit = Extract<Told, { kind: "limit" }>;

/** A question of its own, by its number. */
type Question = (ask: number) => Extract<Asked, { ask: number }>;

/** Leads one reader process. */
export class NvmlReader {
  readonly #options: ReaderOptions;
  readonly #events: ReaderEvents;
  readonly #asked = new Map<number, (answer: Energy | Limit | undefined) => void>();
  #child: ChildProcess | undefined;
  #opening: ((opened: Opened) => void) | undefined;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #heardAtMs = 0;
  #everyMs = 0;
  #pauseMs: number;
  #ask = 0;
  #closed = false;
  /** Whether it listed its devices since it was begun. */
  #isOpen = false;
  /** Devices that hung, by their numbers; once one did, each is named before it is asked. */
  readonly #without = new Set<number>();
  #careful = false;
  #asking: number | null = null;
  #leftOutMs: number;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReaderOptions, events: ReaderEvents) {
    this.#options = options;
    this.#leftOutMs = options.leftOutMs ?? LEFT_OUT_MS.first;
    this.#events = events;
    this.#pauseMs = options.pauseMs ?? PAUSE_MS.first;
  }

  /** Begins the process and opens the library in it; never throws, ends within the time given. */
  open(): Promise<Opened> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        settle({ kind: "absent", reason: "too-slow", why: "the driver did not answer in time" });
      }, this.#options.openWithinMs);
      const settle = (opened: Opened): void => {
        if (this.#opening === undefined) return;
        this.#opening = undefined;
        clearTimeout(late);
        resolve(opened);
      };
      this.#opening = settle;
      this.#begin();
    });
  }

  /** Has samples sent at this interval; 0 ends it. */
  watch(everyMs: number): void {
    this.#everyMs = everyMs;
    clearInterval(this.#watchdog);
    this.#send({ kind: "watch", everyMs });
    if (everyMs === 0) return;
    this.#heardAtMs = performance.now();
    const { silenceMaxMs = SILENCE_MAX_MS, openWithinMs } = this.#options;
    const whenOpen = Math.max(silenceMaxMs, 2 * everyMs);
    this.#watchdog = setInterval(() => {
      if (this.#child === undefined) return;
      // A driver that is begun again takes as long as it did the first time.
      const most = this.#isOpen ? whenOpen : Math.max(whenOpen, openWithinMs);
      if (performance.now() - this.#heardAtMs > most) this.#hangs();
    }, everyMs).unref();
  }

  /** Asks for a device's energy and power; undefined where no answer came in time. */
  async energy(index: number): Promise<Energy | undefined> {
    const answer = await this.#question((ask) => ({ kind: "energy", ask, index }));
    return answer?.kind === "energy" ? answer : undefined;
  }

  /** Reads or sets a device's power limit; undefined where no answer came in time. */
  async limit(index: number, wish: LimitWish): Promise<Limit | undefined> {
    const answer = await this.#question((ask) => ({ kind: "limit", ask, index, wish }));
    return answer?.kind === "limit" ? answer : undefined;
  }

  #question(asking: Question): Promise<Energy | Limit | undefined> {
    if (this.#child === undefined) return Promise.resolve(undefined);
    this.#ask += 1;
    const ask = this.#ask;
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#hangs();
      }, this.#options.answerMaxMs ?? ANSWER_MAX_MS);
      this.#asked.set(ask, (answer) => {
        clearTimeout(late);
        this.#asked.delete(ask);
        resolve(answer);
      });
      this.#send(asking(ask));
    });
  }

  /** Ends the process now and begins it again after the pause, which doubles. */
  drop(why: string): void {
    if (!this.#end(why)) return;
    this.#again = setTimeout(() => this.#begin(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(2 * this.#pauseMs, PAUSE_MS.last);
  }

  /** Who was named last is left out for a time; where nobody was, each is named from now on. */
  #hangs(): void {
    const device = this.#asking;
    this.#careful = true;
    if (device === null) return this.drop("the driver hangs");
    this.#without.add(device);
    const minutes = Math.ceil(this.#leftOutMs / 60_000);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#without.clear();
      this.renew("a device that hung is asked again");
    }, this.#leftOutMs).unref();
    this.#leftOutMs = Math.min(2 * this.#leftOutMs, LEFT_OUT_MS.last);
    const words = `it is left out for ${minutes} min; look for Xid in sudo dmesg`;
    this.drop(`the driver hangs at device ${device}: ${words}`);
  }

  /** Ends a process that is well and begins another at once. */
  renew(why: string): void {
    if (this.#end(why)) this.#begin();
  }

  /** False where there is none to end, or none is to follow. */
  #end(why: string): boolean {
    const child = this.#child;
    if (child === undefined) return false;
    this.#child = undefined;
    child.removeAllListeners();
    child.on("error", () => undefined);
    // A process that waits inside the kernel ends when it returns; nobody waits for that.
    child.kill("SIGKILL");
    for (const settle of [...this.#asked.values()]) settle(undefined);
    this.#opening?.({ kind: "absent", reason: "crashed", why });
    if (this.#closed) return false;
    this.#events.lost(why);
    return true;
  }

  /** Ends it for good. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#watchdog);
    clearTimeout(this.#again);
    clearTimeout(this.#retry);
    this.drop("closed");
  }

  #begin(): void {
    if (this.#closed) return;
    try {
      const child = fork(MODULE, [], {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      this.#child = child;
      child.on("message", (told) => this.#hear(child, told as Told));
      child.on("exit", () => this.#ended(child));
      child.on("error", () => this.#ended(child));
      // The daemon ends when it has nothing else to do; the reader ends with its channel.
      child.unref();
      child.channel?.unref();
      this.#heardAtMs = performance.now();
      this.#isOpen = false;
      this.#asking = null;
      const { libraries } = this.#options;
      const [without, careful] = [[...this.#without], this.#careful];
      this.#send({ kind: "open", libraries, without, careful });
    } catch (error) {
      this.#opening?.({ kind: "absent", reason: "failed", why: String(error) });
    }
  }

  #ended(child: ChildProcess): void {
    if (child === this.#child) this.drop("the process that reads the driver ended");
  }

  #hear(child: ChildProcess, told: Told): void {
    if (child !== this.#child) return;
    this.#heardAtMs = performance.now();
    if (told.kind === "asking") {
      this.#asking = told.index;
      return;
    }
    this.#asking = null;
    if (told.kind === "energy" || told.kind === "limit") {
      return this.#asked.get(told.ask)?.(told);
    }
    if (told.kind === "listing") {
      this.#isOpen = true;
      this.#pauseMs = this.#options.pauseMs ?? PAUSE_MS.first;
      if (this.#everyMs > 0) this.#send({ kind: "watch", everyMs: this.#everyMs });
    }
    if (told.kind === "listing" || told.kind === "absent") this.#opening?.(told);
    this.#events.told(told);
  }

  #send(asked: Asked): void {
    if (this.#child?.connected === true) this.#child.send(asked, () => undefined);
  }
}

/** The number of a device in a listing, by its lasting name. */
export function indexOf(listing: NvmlListing, uuid: string | null): number | undefined {
  return listing.devices.find((device) => device.uuid === uuid)?.index;
}
