/** A verifier that replays nothing, waits for what the worker opens and copies that. */

import { decodeStored } from "../../../src-main/ledger/index.ts";
import type { Payload } from "../../../src-main/ledger/index.ts";
import type { Hand, RecordCheat } from "../forging-ledger.ts";

/** The inner digests the worker opened, from the ledger. */
function opened({ network, unit }: Hand): readonly Uint8Array[] {
  for (let slot = network.node.head().size - 1n; slot >= 0n; slot -= 1n) {
    const stored = network.node.record(slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    const payload: Payload | undefined = read.ok ? read.value.record.payload : undefined;
    if (payload?.kind === "inner-open" && String(payload.unit) === String(unit)) {
      return payload.openings.map(({ inner }) => inner);
    }
  }
  throw new Error("the worker has opened");
}

export const copiedVerdict: RecordCheat = {
  async instead(payload, hand) {
    if (payload.kind !== "verdict-open") return payload;
    return { ...payload, inners: opened(hand) };
  },
};
