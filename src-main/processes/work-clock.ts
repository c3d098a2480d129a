/** Decides which clock a child process accounts its work by. */

import type { WorkClock } from "../miner/index.ts";

/** The machine's monotonic clock and this process's own processor time, its start included. */
export const workClock: WorkClock = {
  monotonicMs: () => performance.now(),
  processorMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};
