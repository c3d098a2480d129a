/**
 * Decides when a unit that was declined is taken up again. Its reason is looked at from time to
 * time; once that is gone the unit begins anew, as it would after a restart. One that is declined
 * again waits twice as long, and after some tries it waits for the next start.
 */

import type { Clock } from "../../ports/clock.ts";
import {
  DECLINED_LOOK_MS,
  DECLINED_TRIES_MAX,
  DECLINED_WAIT_FIRST_MS,
  DECLINED_WAIT_MS_MAX,
  UNITS_SHOWN_MAX,
} from "../limits.ts";

/** What is asked of the miner. */
export interface DeclinedNeeds {
  readonly clock: Clock;
  /**
   * Whether the unit may go on now: "yes", "no", or "never", as when the ledger has closed it or
   * the miner has forgotten it.
   */
  readonly mayGoOn: (unit: string) => "yes" | "no" | "never";
  /** Takes it up again. */
  readonly takeUp: (unit: string) => void;
}

interface Waiting {
  tries: number;
  /** Not before. */
  atMs: number;
  /** False while it is tried. */
  isDeclined: boolean;
}

/** How long is waited after so many tries. */
export function declinedWaitMs(tries: number): number {
  return Math.min(DECLINED_WAIT_MS_MAX, DECLINED_WAIT_FIRST_MS * 2 ** tries);
}

/** The units that were declined since the start. */
export class DeclinedUnits {
  readonly #needs: DeclinedNeeds;
  readonly #units = new Map<string, Waiting>();
  #cancel: (() => void) | undefined;

  constructor(needs: DeclinedNeeds) {
    this.#needs = needs;
  }

  /** A unit was declined, for the first time or again. */
  add(unit: string): void {
    const tries = this.#units.get(unit)?.tries ?? 0;
    // It stays known, so that it does not begin to count anew.
    if (tries >= DECLINED_TRIES_MAX) return;
    const atMs = this.#needs.clock.nowMs() + declinedWaitMs(tries);
    this.#units.set(unit, { tries, atMs, isDeclined: true });
    const [oldest] = this.#units.keys();
    if (this.#units.size > UNITS_SHOWN_MAX && oldest !== undefined) this.#units.delete(oldest);
    this.#arm();
  }

  /** No unit is looked at any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#units.clear();
  }

  #arm(): void {
    const isAny = [...this.#units.values()].some(({ isDeclined }) => isDeclined);
    if (!isAny || this.#cancel !== undefined) return;
    this.#cancel = this.#needs.clock.after(DECLINED_LOOK_MS, () => {
      this.#cancel = undefined;
      this.#look();
      this.#arm();
    });
  }

  #look(): void {
    const nowMs = this.#needs.clock.nowMs();
    for (const [unit, waiting] of this.#units) {
      if (!waiting.isDeclined) continue;
      const may = this.#needs.mayGoOn(unit);
      if (may === "never") this.#units.delete(unit);
      // A wall clock that was set back must not make the wait longer than it can be.
      const isDue = nowMs >= waiting.atMs || waiting.atMs - nowMs > DECLINED_WAIT_MS_MAX;
      if (may !== "yes" || !isDue) continue;
      waiting.tries += 1;
      waiting.isDeclined = false;
      this.#needs.takeUp(unit);
    }
  }
}
