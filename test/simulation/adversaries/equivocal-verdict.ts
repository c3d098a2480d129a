/** A verifier that commits to a second verdict, to open the one that suits it later. */

import type { RecordCheat } from "../forging-ledger.ts";

export const equivocalVerdict: RecordCheat = {
  async after(payload, hand) {
    if (payload.kind !== "verdict-commit") return;
    await hand.send("verifier", { ...payload, commitment: new Uint8Array(32).fill(2) });
  },
};
