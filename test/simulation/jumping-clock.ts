/** The machine's clock, but for jumps: a deadline an hour away passes when a test says so. */

import { systemClock } from "../../src-main/adapters/host/index.ts";
import type { Clock } from "../../src-main/ports/clock.ts";

interface Waiting {
  readonly due: number;
  readonly cancel: () => void;
  readonly action: () => void;
}

export class JumpingClock implements Clock {
  readonly #waiting = new Set<Waiting>();
  #ahead = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.#ahead;
  }

  after(delayMs: number, action: () => void): () => void {
    const fire = () => {
      if (this.#waiting.delete(waiting)) action();
    };
    const cancel = systemClock.after(delayMs, fire);
    const waiting: Waiting = { due: this.nowMs() + delayMs, cancel, action };
    this.#waiting.add(waiting);
    return () => {
      cancel();
      this.#waiting.delete(waiting);
    };
  }

  /** Moves the time on, and does what was due on the way. */
  jump(byMs: number): void {
    this.#ahead += byMs;
    for (const waiting of [...this.#waiting]) {
      if (waiting.due > this.nowMs() || !this.#waiting.delete(waiting)) continue;
      waiting.cancel();
      waiting.action();
    }
  }
}
