/** Decides which clock the processes use: the machine's. */

import type { Clock } from "../../ports/clock.ts";

/** The machine's clock and timers; a timer does not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
