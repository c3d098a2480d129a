/**
 * What a plug would measure behind which a daemon's workers run: so many watts at rest, and more
 * for each processor that they keep busy, by the processor time that the system counts for them.
 */

import { readdirSync, readFileSync } from "node:fs";

import type { PowerProfile } from "./power-profile.ts";

/** The system counts processor time in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

/** Fields of /proc/PID/stat behind the name, from `state` on. */
const PARENT_AT = 1;
const USER_TICKS_AT = 11;
const SYSTEM_TICKS_AT = 12;

/** A load of workers; whatever they used stays counted when they have ended. */
export class WorkerWatts implements PowerProfile {
  readonly #restWatts: number;
  readonly #busyWatts: number;
  readonly #beganMs = Date.now();
  readonly #used = new Map<number, number>();
  #last = { atMs: this.#beganMs, usedMs: 0, watts: 0 };
  /** Process whose workers count; 0 for none yet. */
  daemon = 0;

  /** @param busyWatts  of one processor that is busy all the time */
  constructor(restWatts: number, busyWatts: number) {
    this.#restWatts = restWatts;
    this.#busyWatts = busyWatts;
  }

  /** Mean since it was last asked for more than half a second ago. */
  watts(): number {
    const atMs = Date.now();
    const passedMs = atMs - this.#last.atMs;
    if (passedMs < 500) return this.#last.watts;
    const usedMs = this.#usedMs();
    const busy = (usedMs - this.#last.usedMs) / passedMs;
    const watts = this.#restWatts + this.#busyWatts * busy;
    this.#last = { atMs, usedMs, watts };
    return watts;
  }

  millijoules(): number {
    const rest = this.#restWatts * (Date.now() - this.#beganMs);
    return Math.round(rest + this.#busyWatts * this.#usedMs());
  }

  #usedMs(): number {
    for (const name of readdirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      const ticks = workerTicks(pid, this.daemon);
      if (ticks !== null) this.#used.set(pid, ticks * TICK_MS);
    }
    return [...this.#used.values()].reduce((sum, ms) => sum + ms, 0);
  }
}

/** Ticks that a worker of a daemon has used; null for every other process. */
function workerTicks(pid: number, daemon: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[PARENT_AT]) !== daemon) return null;
    if (!readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("worker.ts")) return null;
    return Number(fields[USER_TICKS_AT]) + Number(fields[SYSTEM_TICKS_AT]);
  } catch {
    // It ended in between.
    return null;
  }
}
