/**
 * Decides how a submitted record comes to wait: it is read, its signer recovered (beside this
 * thread's work where the node was given such a recovery), then admitted, in the order of the
 * submissions. Whoever asks for a lane's next nonce is answered as if all of it were admitted.
 */

import { bytesEqual, bytesToKey } from "../contract/bytes.ts";
import { reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { ReadRecord, SignedRecord } from "../ledger/index.ts";
import type { NodeExecution } from "./chain.ts";
import { MEMPOOL_RECORDS_MAX } from "./limits.ts";
import type { Mempool, NextCommit } from "./mempool.ts";
import type { NodeNeeds, SealedRecord } from "./types.ts";

/** What submissions are judged with. */
export interface SubmissionNeeds {
  readonly execution: NodeExecution;
  readonly crypto: Pick<NodeNeeds["crypto"], "recovery" | "signatures">;
  readonly next: () => NextCommit;
  /** Why nothing is admitted any more. */
  readonly ended: () => string | undefined;
  readonly onAdded: () => void;
}

type Sealed = Promise<Outcome<SealedRecord>>;

/** A record whose signer is being recovered. */
interface Recovering {
  readonly read: ReadRecord;
  readonly settled: Sealed;
  readonly settle: (outcome: Outcome<SealedRecord> | Sealed) => void;
}

/** Records between submission and mempool. */
export class Submissions {
  readonly #mempool: Mempool;
  readonly #needs: SubmissionNeeds;
  /** By id and signature, in the order they came. */
  readonly #recovering = new Map<string, Recovering>();

  constructor(mempool: Mempool, needs: SubmissionNeeds) {
    this.#mempool = mempool;
    this.#needs = needs;
  }

  /** Resolves with the record's commit. @rejects as `Node.submit` */
  async submit(stored: Uint8Array): Sealed {
    const { execution, crypto } = this.#needs;
    if (crypto.recovery === undefined) {
      const signed = execution.recoverRecord(stored);
      return signed.ok ? this.#admit(signed.value) : signed;
    }
    const read = execution.readRecord(stored);
    if (!read.ok) return read;
    const { id, signature } = read.value;
    // Not by its id alone: who sends a record under a false signature must not speak for it.
    const name = bytesToKey(id) + bytesToKey(signature);
    const known = this.#recovering.get(name);
    if (known !== undefined) return known.settled;
    const records = this.#mempool.count + this.#recovering.size;
    // What is recovered is held too, and anybody may send it.
    if (records >= MEMPOOL_RECORDS_MAX) return reject("NODE_MEMPOOL_FULL", { records });
    const { promise: settled, resolve: settle } = Promise.withResolvers<Outcome<SealedRecord>>();
    const recovering: Recovering = { read: read.value, settled, settle };
    this.#recovering.set(name, recovering);
    const signer = await crypto.recovery.recover(id, signature);
    if (this.#recovering.get(name) === recovering) this.#recovered(name, recovering, signer);
    return settled;
  }

  /** Admits what a lane has submitted so far, on this thread. */
  hurry(account: Uint8Array, lane: number): void {
    if (this.#recovering.size === 0) return;
    const { signatures } = this.#needs.crypto;
    for (const [name, recovering] of [...this.#recovering]) {
      const { record, id, signature } = recovering.read;
      if (record.lane !== lane || !bytesEqual(record.account, account)) continue;
      this.#recovered(name, recovering, signatures.recover(id, signature));
    }
  }

  #recovered(name: string, { read, settle }: Recovering, signer: Uint8Array | undefined): void {
    this.#recovering.delete(name);
    const signed = this.#needs.execution.signedBy(read, signer);
    settle(signed.ok ? this.#admit(signed.value) : signed);
  }

  #admit(signed: SignedRecord): Outcome<SealedRecord> | Sealed {
    const ended = this.#needs.ended();
    if (ended !== undefined) return reject(ended);
    const known = this.#mempool.find(signed.id);
    if (known !== undefined) return known.settled;
    const added = this.#mempool.add(signed, this.#needs.next());
    if (!added.ok) return added;
    this.#needs.onAdded();
    return added.value.settled;
  }
}
