/** A worker that waits with its reveal until the deadline has passed. */

import type { RecordCheat } from "../forging-ledger.ts";

export const lateReveal: RecordCheat = {
  async instead(payload, { network }) {
    if (payload.kind === "unit-reveal") network.clock.jump(network.job.spec.verdictWindowMs + 1);
    return payload;
  },
};
