/**
 * Decides when a job is taken: a private one puts its price into escrow, a sponsored one must be
 * the listing's template (seed aside), at its price, within its mint cap.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { jobSpecificationCodec, templateHash } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { agendaHasRoom, writeJob } from "./agenda.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { balanceOf, debit } from "./money.ts";
import { jobDepositBytes } from "./new-unit.ts";
import type { StateOverlay } from "./overlay.ts";
import type { JobRow, ListingRow } from "./rows.ts";
import type { Rule } from "./rule.ts";
import { listingId, LISTINGS } from "./tables.ts";

/**
 * @rejects LEDGER_SPECIFICATION, LEDGER_AGENDA_FULL, LEDGER_ESCROW_SHORT, LEDGER_BALANCE_SHORT,
 *          LEDGER_LISTING_UNKNOWN, LEDGER_LISTING_TEMPLATE, LEDGER_LISTING_SEED,
 *          LEDGER_LISTING_ESCROW, LEDGER_LISTING_CAP, LEDGER_DEPOSIT_SHORT
 */
export const applyJobCreate: Rule<"job-create"> = (overlay, sender, payload, context) => {
  const { listing, escrowBase } = payload;
  const read = decode(jobSpecificationCodec, payload.specification);
  if (!read.ok) return reject("LEDGER_SPECIFICATION", { because: read.rejection.code });
  const specification = read.value;
  if (!agendaHasRoom(overlay)) return reject("LEDGER_AGENDA_FULL");
  if (listing === 0) {
    if (escrowBase < specification.unitPriceBase) {
      return reject("LEDGER_ESCROW_SHORT", { priceBase: String(specification.unitPriceBase) });
    }
    const heldBase = balanceOf(overlay, sender.account);
    if (heldBase < escrowBase) {
      return reject("LEDGER_BALANCE_SHORT", { heldBase: String(heldBase) });
    }
    debit(overlay, sender.account, escrowBase);
  } else {
    if (escrowBase !== 0n) return reject("LEDGER_LISTING_ESCROW");
    const promised = promisedListing(overlay, listing, specification, context.hasher);
    if (!promised.ok) return promised;
    overlay.write(LISTINGS, listingId(listing), promised.value);
  }
  const job: JobRow = {
    owner: sender.account,
    listing,
    status: "created",
    escrowBase,
    specification: payload.specification,
    seed: new Uint8Array(32),
    specificationHash: new Uint8Array(32),
    createdView: context.view,
    createdTime: context.time,
    retryTime: 0n,
    rounds: 1,
    shards: 1,
    deposit: NO_DEPOSIT,
  };
  const bytes = jobDepositBytes(job, specification);
  const deposit = chargeDeposit(overlay, sender.account, bytes, context);
  if (!deposit.ok) return deposit;
  writeJob(overlay, sender.id, { ...job, deposit: deposit.value });
  return accept([]);
};

/** The listing with one more unit promised of its cap. */
function promisedListing(
  overlay: StateOverlay,
  listing: number,
  specification: JobSpecification,
  hasher: Hasher,
): Outcome<ListingRow> {
  const row = overlay.read(LISTINGS, listingId(listing));
  if (row === undefined) return reject("LEDGER_LISTING_UNKNOWN", { listing });
  // Its price stands in the template too; comparing both keeps a wrong genesis from minting.
  const priceFits = specification.unitPriceBase === row.unitPriceBase;
  if (!priceFits || !bytesEqual(templateHash(hasher, specification), row.templateHash)) {
    return reject("LEDGER_LISTING_TEMPLATE", { listing });
  }
  // A seed of the owner's own choice would let it pick a start it has already trained.
  if (specification.seedRule !== 1) return reject("LEDGER_LISTING_SEED", { listing });
  const promisedBase = row.promisedBase + row.unitPriceBase;
  if (row.mintedBase + promisedBase > row.mintCapBase) {
    return reject("LEDGER_LISTING_CAP", { listing, capBase: String(row.mintCapBase) });
  }
  return accept({ ...row, promisedBase });
}
