/** A worker that sees what was drawn and opens nothing; the deadline passes. */

import type { RecordCheat } from "../forging-ledger.ts";

export const withheldOpening: RecordCheat = {
  async instead(payload, { network }) {
    if (payload.kind !== "inner-open") return payload;
    network.clock.jump(network.job.spec.verdictWindowMs + 1);
    return undefined;
  },
};
