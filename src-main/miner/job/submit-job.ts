/** Decides how a job reaches the ledger: as a sponsored listing's, or privately from an escrow. */

import { encode } from "../../codec/index.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { recordContext } from "../../ledger/index.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { AccountSigner, MinerLedger, MinerRecord } from "../needs.ts";
import { RecordSender } from "../unit/record-sender.ts";

/** What is asked for, and how it is paid. */
export interface JobOrder {
  readonly spec: JobSpecification;
  /** 0: private, paid from the signer's balance; n: sponsored listing n. */
  readonly listing: number;
}

/** What submitting a job needs. */
export interface SubmitNeeds {
  readonly hasher: Hasher;
  readonly ledger: Pick<MinerLedger, "genesisHash" | "submit" | "nextNonce" | "prices">;
  readonly owner: AccountSigner;
}

/**
 * Submits a job and waits until its record is final. The job's id is the record's.
 * @rejects LEDGER_* of admission and of the rule of job-create
 */
export function submitJob(order: JobOrder, needs: SubmitNeeds): Promise<Outcome<MinerRecord>> {
  const { hasher, ledger, owner } = needs;
  const sender = new RecordSender(ledger, recordContext(hasher, ledger.genesisHash()));
  return sender.send(owner, {
    kind: "job-create",
    specification: encode(jobSpecificationCodec, order.spec),
    listing: order.listing,
    escrowBase: order.listing === 0 ? order.spec.unitPriceBase : 0n,
  });
}
