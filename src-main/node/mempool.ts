/**
 * Decides which records wait to be sealed and in which order: as they came. Each is admitted into
 * an overlay over the last stored state, behind those that wait already, so a nonce gap, a used
 * nonce or a fee that is no longer covered is refused at once, with the ledger's own code.
 */

import { bytesToKey } from "../contract/bytes.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { Hasher } from "../crypto/index.ts";
import { admit, COMMIT_RECORDS_MAX, CommitRoom, nextNonce, StateOverlay } from "../ledger/index.ts";
import type { AdmissionContext, SignedRecord, StateView } from "../ledger/index.ts";
import { MEMPOOL_ACCOUNT_MAX, MEMPOOL_BYTES_MAX, MEMPOOL_RECORDS_MAX } from "./limits.ts";
import type { SealedRecord } from "./types.ts";

/** A record that waits, and those who wait for it. */
export interface Waiting {
  readonly signed: SignedRecord;
  readonly settled: Promise<Outcome<SealedRecord>>;
  readonly settle: (outcome: Outcome<SealedRecord>) => void;
}

/** Least time the next commit can have, and what records cost in it. */
export type NextCommit = AdmissionContext;

/** The records that wait. */
export class Mempool {
  readonly #hasher: Hasher;
  readonly #waiting = new Map<string, Waiting>();
  readonly #accounts = new Map<string, number>();
  #bytes = 0;
  #overlay: StateOverlay;

  constructor(hasher: Hasher, view: StateView) {
    this.#hasher = hasher;
    this.#overlay = new StateOverlay(view, hasher);
  }

  /** Records that wait. */
  get count(): number {
    return this.#waiting.size;
  }

  /** The record with this id, if it waits. */
  find(id: Uint8Array): Waiting | undefined {
    return this.#waiting.get(bytesToKey(id));
  }

  /** The nonce after those that wait. */
  nextNonce(account: Uint8Array, lane: number): bigint {
    return nextNonce(this.#overlay, account, lane);
  }

  /**
   * Lets a record wait.
   * @rejects NODE_MEMPOOL_FULL, NODE_ACCOUNT_FULL, LEDGER_* of admission
   */
  add(signed: SignedRecord, next: NextCommit): Outcome<Waiting> {
    const bytes = this.#bytes + signed.stored.length;
    if (this.#waiting.size >= MEMPOOL_RECORDS_MAX || bytes > MEMPOOL_BYTES_MAX) {
      return reject("NODE_MEMPOOL_FULL", { records: this.#waiting.size, bytes: this.#bytes });
    }
    const account = bytesToKey(signed.record.account);
    const held = this.#accounts.get(account) ?? 0;
    if (held >= MEMPOOL_ACCOUNT_MAX) return reject("NODE_ACCOUNT_FULL", { records: held });
    const admitted = admit(this.#overlay, signed, next);
    if (!admitted.ok) return admitted;
    const { promise: settled, resolve: settle } = Promise.withResolvers<Outcome<SealedRecord>>();
    const waiting = { signed, settled, settle };
    this.#waiting.set(bytesToKey(signed.id), waiting);
    this.#accounts.set(account, held + 1);
    this.#bytes = bytes;
    return accept(waiting);
  }

  /**
   * The records of the next commit, as they came, while there is room. When the open three quarters
   * are full, records of the reserved kinds still go in, unless one of their own lane had to stay.
   * What is no longer admissible at that time is refused on the way and waits no more.
   */
  take(view: StateView, next: NextCommit): Waiting[] {
    const overlay = new StateOverlay(view, this.#hasher);
    const taken: Waiting[] = [];
    const room = new CommitRoom();
    const stays = new Set<string>();
    for (const waiting of this.#waiting.values()) {
      if (taken.length === COMMIT_RECORDS_MAX) break;
      const lane = laneOf(waiting.signed);
      if (stays.has(lane)) continue;
      if (!room.take(waiting.signed).ok) {
        stays.add(lane);
        continue;
      }
      const admitted = admit(overlay, waiting.signed, next);
      if (admitted.ok) taken.push(waiting);
      else this.refuse(waiting, admitted);
    }
    return taken;
  }

  /** After a commit was stored: forgets its records and judges the others by the new state. */
  sealed(records: readonly Waiting[], view: StateView, next: NextCommit): void {
    for (const waiting of records) this.#forget(waiting);
    this.#overlay = new StateOverlay(view, this.#hasher);
    for (const waiting of [...this.#waiting.values()]) {
      const admitted = admit(this.#overlay, waiting.signed, next);
      if (!admitted.ok) this.refuse(waiting, admitted);
    }
  }

  /** Refuses one record that waits. */
  refuse(waiting: Waiting, refusal: Outcome<never>): void {
    this.#forget(waiting);
    waiting.settle(refusal);
  }

  /** Refuses everything that waits. */
  refuseAll(code: string): void {
    for (const waiting of [...this.#waiting.values()]) this.refuse(waiting, reject(code));
  }

  #forget({ signed }: Waiting): void {
    if (!this.#waiting.delete(bytesToKey(signed.id))) return;
    this.#bytes -= signed.stored.length;
    const account = bytesToKey(signed.record.account);
    const left = (this.#accounts.get(account) ?? 1) - 1;
    if (left === 0) this.#accounts.delete(account);
    else this.#accounts.set(account, left);
  }
}

/** Name of a record's lane: nonces follow each other within one. */
function laneOf({ record }: SignedRecord): string {
  return `${bytesToKey(record.account)}/${record.lane}`;
}
