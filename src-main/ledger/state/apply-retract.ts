/**
 * Decides when a publication is taken back: its publisher alone, once. The record stays in its
 * slot; the row goes, its deposit is free, and the index gets a tombstone.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { releaseDeposit } from "./deposits.ts";
import { PUBLICATIONS, publicationId } from "./rows-published.ts";
import type { Rule } from "./rule.ts";

/** @rejects LEDGER_PUBLICATION_UNKNOWN, LEDGER_PUBLICATION_OTHERS */
export const applyRetract: Rule<"retract"> = (overlay, { account }, { slot }) => {
  const id = publicationId(slot);
  const row = overlay.read(PUBLICATIONS, id);
  if (row === undefined) return reject("LEDGER_PUBLICATION_UNKNOWN", { slot: String(slot) });
  if (!bytesEqual(row.publisher, account)) return reject("LEDGER_PUBLICATION_OTHERS");
  overlay.write(PUBLICATIONS, id, undefined);
  releaseDeposit(overlay, row.deposit);
  return accept([{ kind: "retracted", publication: slot, collection: row.collection }]);
};
