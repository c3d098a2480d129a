/** Decides how a unit's records reach the ledger: one at a time for each account, signed, paid. */

import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { quoteFee, signRecord, storedBytes } from "../../ledger/index.ts";
import type { LedgerRecord, Payload, RecordContext } from "../../ledger/index.ts";
import { SUBMIT_ATTEMPTS_MAX } from "../limits.ts";
import type { AccountSigner, MinerLedger, MinerRecord } from "../needs.ts";

/** Bytes of an account's signature. */
const SIGNATURE_BYTES = 65;

/** What sending needs of a node. */
export type RecordLedger = Pick<MinerLedger, "submit" | "nextNonce" | "prices">;

/** Signs and submits records of this machine's accounts. */
export class RecordSender {
  readonly #ledger: RecordLedger;
  readonly #context: RecordContext;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ledger: RecordLedger, context: RecordContext) {
    this.#ledger = ledger;
    this.#context = context;
  }

  /**
   * Sends a record and waits until it is final.
   * @rejects the ledger's code when it was refused, at admission or when applied
   */
  send(signer: AccountSigner, payload: Payload): Promise<Outcome<MinerRecord>> {
    // In turn: two records of one lane at once would have the same nonce.
    const sent = this.#last.then(() => this.#send(signer, payload));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(signer: AccountSigner, payload: Payload): Promise<Outcome<MinerRecord>> {
    for (let attempt = 1; ; attempt += 1) {
      const sealed = await this.#ledger.submit(this.#signed(signer, payload));
      if (sealed.ok) {
        const { code } = sealed.value.outcome;
        return code === "" ? sealed : reject(code, { slot: Number(sealed.value.slot) });
      }
      // Another record of the lane came first; the next nonce is known now.
      const { code } = sealed.rejection;
      const nonce = code === "LEDGER_NONCE_USED" || code === "LEDGER_NONCE_GAP";
      if (!nonce || attempt === SUBMIT_ATTEMPTS_MAX) return sealed;
    }
  }

  #signed(signer: AccountSigner, payload: Payload): Uint8Array {
    const record: LedgerRecord = {
      account: signer.address,
      lane: signer.lane,
      nonce: this.#ledger.nextNonce(signer.address, signer.lane),
      validUntil: 0n,
      maxFee: 0n,
      payload,
    };
    // Every field before the payload has a fixed width, so the fee does not change the size.
    const bytes = storedBytes(record, new Uint8Array(SIGNATURE_BYTES)).length;
    const { maxFeeBase } = quoteFee(this.#ledger.prices(), bytes, payload);
    return signRecord({ ...record, maxFee: maxFeeBase }, this.#context, signer.sign);
  }
}
