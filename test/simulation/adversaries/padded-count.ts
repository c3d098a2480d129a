/** A worker that claims all segments, though its list has fewer. */

import { segmentCount } from "../../../src-main/learning/index.ts";
import type { RecordCheat } from "../forging-ledger.ts";

export const paddedCount: RecordCheat = {
  async instead(payload, { network }) {
    if (payload.kind !== "unit-reveal") return payload;
    return { ...payload, segmentCount: segmentCount(network.job.spec) };
  },
};
