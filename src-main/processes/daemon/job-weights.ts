/**
 * Decides what is handed out of a job that was paid: where its trained state lies, the root the
 * ledger names for it, and the receipts of the two records that prove it (revealed, paid).
 */

import { decodeStored } from "../../ledger/index.ts";
import { makeReceipt, specificationOf } from "../../api/index.ts";
import type { LedgerNeeds } from "../../api/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type { OwnData, UnitResult, Weights } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { JobView, UnitView } from "../../node/index.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { OwnDataSets } from "./own-data-sets.ts";

/** Entries of the worker's history that are searched for a reveal whose slot was not noted. */
const HISTORY_SEARCHED_MAX = 200;

/** What handing out needs. */
export interface WeightsNeeds {
  readonly ledgerNeeds: LedgerNeeds;
  readonly blobs: BlobStore;
  readonly dataSets: OwnDataSets;
  readonly data: (root: Uint8Array) => OwnData | null;
  readonly jobName: (job: JobView) => string;
  readonly result: (unit: string) => UnitResult | null;
}

/**
 * Where the trained weights of a job are, and what proves them.
 * @rejects PROCESSES_NOT_PAID, PROCESSES_WEIGHTS_GONE, those of a receipt
 */
export async function jobWeights(needs: WeightsNeeds, job: JobView): Promise<Outcome<Weights>> {
  const { ledgerNeeds, blobs } = needs;
  const unit = ledgerNeeds.node.unitsOf(job.id, 1).at(0);
  const result = unit === undefined ? null : needs.result(bytesToHex(unit.id));
  const settled = result?.slot ?? null;
  if (unit?.phase !== "paid" || result === null || settled === null) {
    return reject("PROCESSES_NOT_PAID", { job: bytesToHex(job.id).slice(0, 12) });
  }
  const blob = result.modelBlob;
  if (blob === null || !(await blobs.has(hexToBytes(blob)))) {
    return reject("PROCESSES_WEIGHTS_GONE", { job: bytesToHex(job.id).slice(0, 12) });
  }
  const paid = await makeReceipt(ledgerNeeds, settled);
  if (!paid.ok) return paid;
  const revealSlot = result.revealSlot ?? revealSlotOf(needs, unit);
  const revealed = revealSlot === null ? null : await makeReceipt(ledgerNeeds, revealSlot);
  if (revealed !== null && !revealed.ok) return revealed;
  const specification = specificationOf(job);
  const { datasetRoot, model, steps } = specification;
  const isOwn = job.listing === 0;
  return accept({
    job: bytesToHex(job.id),
    unit: bytesToHex(unit.id),
    name: needs.jobName(job),
    file: blobs.path(hexToBytes(blob)),
    sha256: blob,
    endRoot: bytesToHex(unit.endRoot),
    model,
    specificationHash: bytesToHex(job.specificationHash),
    datasetRoot: bytesToHex(datasetRoot),
    data: isOwn ? needs.data(datasetRoot) : null,
    dataFile: isOwn ? needs.dataSets.file(datasetRoot) : null,
    steps,
    holdout: result.holdout,
    reveal: revealed === null ? null : { slot: revealed.value.slot, file: revealed.value.file },
    paid: { slot: settled, file: paid.value.file },
  });
}

/** A daemon that was started anew in between did not note the slot; the ledger has it. */
function revealSlotOf({ ledgerNeeds: { node } }: WeightsNeeds, unit: UnitView): number | null {
  for (const entry of node.history(unit.worker, HISTORY_SEARCHED_MAX)) {
    if (entry.what !== "unit-reveal" || entry.code !== "") continue;
    const stored = node.record(entry.slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    if (!read.ok || read.value.record.payload.kind !== "unit-reveal") continue;
    if (bytesEqual(read.value.record.payload.unit, unit.id)) return Number(entry.slot);
  }
  return null;
}
