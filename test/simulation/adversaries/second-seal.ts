/** A worker that seals another result as well, to reveal the better one later. */

import type { RecordCheat } from "../forging-ledger.ts";

export const secondSeal: RecordCheat = {
  async after(payload, hand) {
    if (payload.kind !== "unit-seal") return;
    await hand.send("worker", { ...payload, seal: new Uint8Array(32).fill(2) });
  },
};
