/** An outsider that seals a unit in its worker's name, or in its own, or sends a record again. */

import type { RecordCheat } from "../forging-ledger.ts";

export const foreignSignature: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind === "unit-seal") await hand.send("worker", payload, { signer: "outsider" });
    return payload;
  },
};

export const foreignSender: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind === "unit-seal") await hand.send("outsider", payload);
    return payload;
  },
};

/** A record that is in, sent once more: it would pay its fee again if it were taken. */
export const replayedRecord: RecordCheat = {
  async after(payload, hand, stored) {
    if (payload.kind === "unit-seal") await hand.sendStored(stored);
  },
};
