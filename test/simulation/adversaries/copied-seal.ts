/**
 * A worker that trains nothing: it seals what another worker sealed, before anybody could read
 * it, and reveals what that one revealed.
 */

import { decodeStored } from "../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../src-main/ledger/index.ts";
import type { CheatNetwork, Who } from "../cheat-network.ts";

/** Seals the own unit with the seal that stands on the ledger for another one. */
export async function copySeal(
  network: CheatNetwork,
  who: Who,
  own: Uint8Array,
  other: Uint8Array,
): Promise<string> {
  const row = network.node.unit(other);
  if (row === undefined) throw new Error("the other unit is on the ledger");
  return await network.send(who, { kind: "unit-seal", unit: own, seal: row.seal });
}

/** Reveals for the own unit what the other worker revealed for its own, salt and all. */
export async function copyReveal(
  network: CheatNetwork,
  who: Who,
  own: Uint8Array,
  other: Uint8Array,
): Promise<string> {
  return await network.send(who, { ...revealOf(network, other), unit: own });
}

function revealOf({ node }: CheatNetwork, unit: Uint8Array): PayloadOf<"unit-reveal"> {
  for (let slot = node.head().size - 1n; slot >= 0n; slot -= 1n) {
    const stored = node.record(slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    if (!read.ok) continue;
    const { payload } = read.value.record;
    if (payload.kind === "unit-reveal" && String(payload.unit) === String(unit)) return payload;
  }
  throw new Error("the other worker has revealed");
}
