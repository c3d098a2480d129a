/** Decides which clock the processes use: the machine's. */

import type { Clock } from "../../ports/clock.ts";

/** The machine's clock and timers; a waiting timer keeps the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
