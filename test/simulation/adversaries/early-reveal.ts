/** A worker that reveals in the commit of its own seal, and one that reveals without a seal. */

import type { Payload } from "../../../src-main/ledger/index.ts";
import { signerOf } from "../cheat-network.ts";
import type { Hand, RecordCheat } from "../forging-ledger.ts";

const someReveal = ({ unit }: Hand): Payload => {
  const digest = new Uint8Array(32).fill(1);
  const roots = { startRoot: digest, endRoot: digest, chainHead: digest, innerListRoot: digest };
  return {
    kind: "unit-reveal",
    unit,
    ...roots,
    listDigest: digest,
    segmentCount: 12,
    salt: digest,
  };
};

export const earlyReveal: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind !== "unit-seal") return payload;
    const { network } = hand;
    const nonce = network.node.nextNonce(signerOf("worker").address, 0);
    const seal = network.signed("worker", payload, { nonce });
    const reveal = network.signed("worker", someReveal(hand), { nonce: nonce + 1n });
    // Both wait for the same commit.
    await Promise.all([network.sendStored(seal), hand.sendStored(reveal)]);
    return undefined;
  },
};

export const unsealedReveal: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind === "unit-seal") await hand.send("worker", someReveal(hand));
    return payload;
  },
};
