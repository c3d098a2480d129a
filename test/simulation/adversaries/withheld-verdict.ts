/** A verifier that commits and then does not open. */

import type { RecordCheat } from "../forging-ledger.ts";

export const withheldVerdict: RecordCheat = {
  async instead(payload, { network }) {
    if (payload.kind !== "verdict-open") return payload;
    network.clock.jump(network.job.spec.verdictWindowMs + 1);
    return undefined;
  },
};
