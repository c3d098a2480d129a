/** A worker that names a list in its reveal that nobody can fetch. */

import type { RecordCheat } from "../forging-ledger.ts";

export const withheldList: RecordCheat = {
  async instead(payload) {
    if (payload.kind !== "unit-reveal") return payload;
    return { ...payload, listDigest: payload.listDigest.toReversed() };
  },
};
