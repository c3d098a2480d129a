/**
 * Decides which payments count as the newest verified work: the worker's share of units paid in the
 * newest 65,536 commits that this folder holds outcomes of. Commits are read once, in order; what
 * leaves the window is forgotten.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Owned } from "../../ledger/concentration/index.ts";
import { decodeStored } from "../../ledger/index.ts";
import { PAID_WINDOW_COMMITS_MAX, PAID_WINDOW_PAYMENTS_MAX } from "../limits.ts";
import type { Node } from "../types.ts";

/** Where payments are read. */
export type PaidSource = Pick<Node, "floors" | "outcome" | "record" | "unit"> & {
  readonly light: Pick<Node["light"], "firstSlot">;
};

/** What a worker was paid for one unit. */
interface Payment {
  readonly commit: bigint;
  /** The account that did the work; undefined where this folder no longer knows the unit. */
  readonly worker: Uint8Array | undefined;
  readonly to: Uint8Array;
  readonly amountBase: bigint;
}

/** Payments of the newest commits. */
export class PaidWindow {
  readonly #source: PaidSource;
  #payments: Payment[] = [];
  /** First commit whose payments are all held. */
  #from = 1n;
  #to = 0n;

  constructor(source: PaidSource) {
    this.#source = source;
  }

  /** First and last commit that is counted; the first is above the last before any commit. */
  get span(): { readonly from: bigint; readonly to: bigint } {
    return { from: this.#from, to: this.#to };
  }

  /** Payments counted. */
  get count(): number {
    return this.#payments.length;
  }

  /** Payments of units that this folder no longer knows the worker of. */
  get unattributed(): number {
    return this.#payments.filter(({ worker }) => worker === undefined).length;
  }

  /** By the account that did the work. */
  *byWorker(): Iterable<Owned> {
    for (const { worker, amountBase } of this.#payments) {
      if (worker !== undefined) yield { account: worker, amountBase };
    }
  }

  /** By the address that was paid, where several workers of one operator may meet. */
  *byPayout(): Iterable<Owned> {
    for (const { to, amountBase } of this.#payments) yield { account: to, amountBase };
  }

  /** Reads on to a commit; `pause` lets other work run. */
  async follow(head: bigint, pause: () => Promise<void>): Promise<void> {
    const oldest = head - BigInt(PAID_WINDOW_COMMITS_MAX) + 1n;
    const held = BigInt(this.#source.floors().commits) + 1n;
    const least = oldest > held ? oldest : held;
    if (this.#from < least) this.#forgetBefore(least);
    if (this.#to + 1n < this.#from) this.#to = this.#from - 1n;
    while (this.#to < head) {
      this.#read(this.#to + 1n);
      this.#to += 1n;
      await pause();
    }
    const over = this.#payments.length - PAID_WINDOW_PAYMENTS_MAX;
    // Whole commits go, so that what is stated of the window is true.
    if (over > 0) this.#forgetBefore(this.#payments[over - 1].commit + 1n);
  }

  /** When the window begins, by commit time; undefined where that record was pruned. */
  fromTime(): bigint | undefined {
    const slot = this.#source.light.firstSlot(this.#from);
    const stored = slot.ok ? this.#source.record(slot.value) : slot;
    const read = stored.ok ? decodeStored(stored.value) : stored;
    if (!read.ok || read.value.record.payload.kind !== "commit") return undefined;
    return read.value.record.payload.time;
  }

  #read(commit: bigint): void {
    const slot = this.#source.light.firstSlot(commit);
    const outcome = slot.ok ? this.#source.outcome(slot.value) : slot;
    if (!outcome.ok) {
      if (outcome.rejection.code !== "NODE_PRUNED") {
        throw new Fault(outcome.rejection.code, "a commit cannot be read", { commit: `${commit}` });
      }
      this.#forgetBefore(commit + 1n);
      return;
    }
    for (const effect of outcome.value.effects) {
      if (effect.kind !== "paid" || effect.share !== "worker") continue;
      const { unit, to, amountBase } = effect;
      this.#payments.push({ commit, worker: this.#source.unit(unit)?.worker, to, amountBase });
    }
  }

  #forgetBefore(commit: bigint): void {
    this.#from = commit;
    this.#payments = this.#payments.filter((one) => one.commit >= commit);
  }
}
