/**
 * Decides how old what is known of the machine may be: a look takes files and tools, so that it is
 * taken at the start and, where somebody asks, again after an hour. Whoever asks never waits: the
 * next one sees what was found.
 */

import type { Inventory } from "../../adapters/machine/index.ts";
import type { Clock } from "../../ports/clock.ts";

/** Devices come and go with screws, drivers and restarts. */
const LOOK_AGAIN_MS = 3_600_000;

/** A look that was cut short is taken again sooner: a driver was starting, the machine crowded. */
const LOOK_SOON_MS = 60_000;

/** The machine as it was last seen. */
export class KnownMachine {
  readonly #look: () => Promise<Inventory>;
  readonly #clock: Pick<Clock, "nowMs">;
  #seen: Inventory;
  #seenMs: number;
  #isLooking = false;

  constructor(first: Inventory, look: () => Promise<Inventory>, clock: Pick<Clock, "nowMs">) {
    this.#seen = first;
    this.#look = look;
    this.#clock = clock;
    this.#seenMs = clock.nowMs();
  }

  /** What is known; looks again beside where that is old, also where the clock went back. */
  current(): Inventory {
    const age = this.#clock.nowMs() - this.#seenMs;
    const due = this.#seen.incomplete.length > 0 ? LOOK_SOON_MS : LOOK_AGAIN_MS;
    if (!this.#isLooking && (age >= due || age < 0)) this.#lookAgain();
    return this.#seen;
  }

  #lookAgain(): void {
    this.#isLooking = true;
    const keep = (seen: Inventory): void => {
      // A look that was cut short knows less than the one before.
      if (seen.incomplete.length <= this.#seen.incomplete.length) this.#seen = seen;
    };
    const end = (): void => {
      this.#isLooking = false;
      this.#seenMs = this.#clock.nowMs();
    };
    this.#look()
      .then(keep, () => undefined)
      .finally(end)
      .catch(() => undefined);
  }
}
