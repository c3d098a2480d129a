/** A verifier that would choose its segments: it shows a VRF proof over something else. */

import { proveVerifier } from "../cheat-network.ts";
import type { RecordCheat } from "../forging-ledger.ts";

export const forgedDraw: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind !== "verdict-commit") return payload;
    const vrfProof = proveVerifier(new Uint8Array(32)).proof;
    await hand.send("verifier", { ...payload, vrfProof });
    return payload;
  },
};
