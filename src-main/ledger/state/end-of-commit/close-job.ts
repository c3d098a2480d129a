/**
 * Decides what is left of a job when its unit is paid or void: the rest of the escrow goes back
 * to its owner, and what a sponsored listing promised is minted or free again.
 */

import { invariant } from "../../../contract/outcome.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { writeJob } from "../agenda.ts";
import { waitToLeave } from "../leaving.ts";
import { countMinted, credit } from "../money.ts";
import type { StateOverlay } from "../overlay.ts";
import { parametersOf } from "../parameters.ts";
import type { RuleContext } from "../rule.ts";
import { listingId, LISTINGS } from "../tables.ts";
import { jobFor, specificationOf } from "../unit-message.ts";

/**
 * Closes a job. `paid` takes the unit's price out of escrow, or mints it; the caller has credited
 * it to those who earned it. The job can be looked at until its window has passed.
 */
export function closeJob(
  overlay: StateOverlay,
  id: Uint8Array,
  end: "paid" | "void",
  context: RuleContext,
): readonly Effect[] {
  const job = jobFor(overlay, id);
  const { closedWindowMs } = parametersOf(overlay, context);
  waitToLeave(overlay, "job", id, context.time + closedWindowMs);
  const priceBase = specificationOf(job).unitPriceBase;
  const spentBase = end === "paid" ? priceBase : 0n;
  if (job.listing !== 0) {
    const row = overlay.read(LISTINGS, listingId(job.listing));
    invariant(row !== undefined, "a sponsored job names a listing");
    const promisedBase = row.promisedBase - priceBase;
    const mintedBase = row.mintedBase + spentBase;
    invariant(mintedBase + promisedBase <= row.mintCapBase, "a listing keeps to its cap");
    overlay.write(LISTINGS, listingId(job.listing), { ...row, promisedBase, mintedBase });
    if (end === "paid") countMinted(overlay, priceBase);
    writeJob(overlay, id, { ...job, status: "closed", retryTime: 0n });
    return [];
  }
  const amountBase = job.escrowBase - spentBase;
  invariant(amountBase >= 0n, "an escrow covers the price");
  writeJob(overlay, id, { ...job, status: "closed", retryTime: 0n, escrowBase: 0n });
  credit(overlay, job.owner, amountBase);
  return amountBase === 0n ? [] : [{ kind: "refunded", job: id, to: job.owner, amountBase }];
}
