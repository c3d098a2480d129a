/** A verifier that accuses of something no replay can find. */

import { innerCommitment } from "../../../src-main/learning/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { signerOf } from "../cheat-network.ts";
import type { RecordCheat } from "../forging-ledger.ts";

const SALT = new Uint8Array(32).fill(4);

export const madeUpAccusation: RecordCheat = {
  async instead(payload) {
    if (payload.kind === "verdict-commit") {
      const commitment = innerCommitment(nativeSha256, [], signerOf("verifier").address, SALT);
      return { ...payload, commitment };
    }
    if (payload.kind !== "verdict-open") return payload;
    return { ...payload, salt: SALT, inners: [], verdict: "LEARNING_UGLY" };
  },
};
