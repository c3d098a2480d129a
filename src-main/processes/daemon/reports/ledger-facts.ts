/** Decides what a check is told of this daemon's ledger: the records of the slots it asks about. */

import { bytesToHex } from "../../../contract/bytes.ts";
import type { EnergyReport } from "../../../contract/energy-report.ts";
import type { Hasher } from "../../../crypto/index.ts";
import { neededSlots } from "../../../energy/report/index.ts";
import type { LedgerFact, LedgerFacts } from "../../../energy/report/index.ts";
import { decodeStored, recordContext, recordId } from "../../../ledger/index.ts";
import type { Node } from "../../../node/index.ts";

/** A record as a fact, from its stored bytes and the code of its outcome. */
export function ledgerFact(
  hasher: Hasher,
  genesis: Uint8Array,
  stored: Uint8Array,
  code: string,
): LedgerFact | undefined {
  const read = decodeStored(stored);
  if (!read.ok || read.value.record.payload.kind === "commit") return undefined;
  const { record } = read.value;
  const id = bytesToHex(recordId(record, recordContext(hasher, genesis)));
  return { id, account: `0x${bytesToHex(record.account)}`, payload: record.payload, code };
}

/** Facts about the slots that a report names; pruned ones are not among them. */
export function nodeFacts(
  hasher: Hasher,
  node: Pick<Node, "record" | "outcome" | "genesisHash" | "head">,
  report: EnergyReport,
): LedgerFacts {
  const genesis = node.genesisHash();
  const bySlot = new Map<number, LedgerFact>();
  for (const slot of neededSlots(report)) {
    const stored = node.record(BigInt(slot));
    const outcome = node.outcome(BigInt(slot));
    if (!stored.ok || !outcome.ok) continue;
    const fact = ledgerFact(hasher, genesis, stored.value, outcome.value.code);
    if (fact !== undefined) bySlot.set(slot, fact);
  }
  return { genesis: bytesToHex(genesis), bySlot };
}
