/**
 * Decides how concentrated this ledger is and when that is read again: votes, bonds, paid work and
 * balances, each from what is final and stored. Reading lets other work run every few milliseconds,
 * is done once for all who ask at a time, and then rests.
 *
 * By class of device nothing can be counted: a result is the same bytes on every device, and no
 * record says which one computed it.
 */

import { compareBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import {
  AccountSums,
  measureOf,
  OVER_A_HALF,
  OVER_A_THIRD,
} from "../../ledger/concentration/index.ts";
import type { Measure, Owned, Ratio } from "../../ledger/concentration/index.ts";
import { BONDED, SINGLE, VALIDATORS, WORKERS } from "../../ledger/index.ts";
import type { Genesis } from "../../ledger/index.ts";
import type { Clock } from "../../ports/clock.ts";
import {
  MEASURED_ACCOUNTS_MAX,
  MEASURE_REST_MS,
  MEASURE_REST_TIMES,
  MEASURE_SLICE_MS,
} from "../limits.ts";
import type { Node, StateReader } from "../types.ts";
import { PaidWindow } from "./paid-window.ts";
import type { PaidSource } from "./paid-window.ts";

/** What concentration is read from. */
export interface ConcentrationNeeds {
  readonly node: PaidSource &
    Pick<Node, "head" | "stateAt"> & { readonly lists: Pick<Node["lists"], "accountAfter"> };
  readonly genesis: Pick<Genesis, "accounts" | "pool">;
  readonly clock: Clock;
}

/** Verified work that was paid, over a window of commits. */
export interface PaidWork {
  readonly fromCommit: bigint;
  readonly toCommit: bigint;
  /** Commit time of its beginning; undefined where that is not held any more. */
  readonly fromTime: bigint | undefined;
  /** Units paid. */
  readonly payments: number;
  /** Of those, units of unknown workers; they are missing by worker, not by payout. */
  readonly unattributed: number;
  readonly byWorker: Measure | undefined;
  readonly byPayout: Measure | undefined;
}

/** Concentration as it was after a commit; a measure is absent where nobody has anything. */
export interface Concentration {
  readonly commit: bigint;
  readonly time: bigint;
  /** Weight of the validators by account, against a third: who has more stops the ledger. */
  readonly votes: Measure | undefined;
  /** Bonds of workers and verifiers, against a third as well. */
  readonly bonds: Measure | undefined;
  readonly work: PaidWork;
  readonly balances: {
    readonly measure: Measure | undefined;
    /** False where there are more accounts than are read. */
    readonly whole: boolean;
    /** All money there is; the rest is in bonds, escrows, deposits and unknown accounts. */
    readonly circulatingBase: bigint;
  };
}

/** Reads concentration on demand. */
export class ConcentrationReader {
  readonly #needs: ConcentrationNeeds;
  readonly #window: PaidWindow;
  #newest: Concentration | undefined;
  #running: Promise<Concentration> | undefined;
  #restUntilMs = 0;

  constructor(needs: ConcentrationNeeds) {
    this.#needs = needs;
    this.#window = new PaidWindow(needs.node);
  }

  /** The newest that was read; undefined before the first. */
  get newest(): Concentration | undefined {
    return this.#newest;
  }

  /**
   * Concentration after the newest commit, or after one some seconds older; it names its commit.
   * Throws Fault as reading the store does.
   */
  async read(): Promise<Concentration> {
    const { node, clock } = this.#needs;
    const newest = this.#newest;
    const isResting = clock.nowMs() < this.#restUntilMs;
    if (newest !== undefined && (isResting || newest.commit === node.head().number)) return newest;
    this.#running ??= this.#measured().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #measured(): Promise<Concentration> {
    const { node, clock } = this.#needs;
    const beganMs = clock.nowMs();
    const pause = slices(clock);
    const { number, time } = node.head();
    const state = node.stateAt(number);
    if (!state.ok) throw new Fault(state.rejection.code, "the newest state is not held");
    const read = state.value;
    const votes = (read.row(VALIDATORS, SINGLE) ?? []).map(({ address, weight }) => ({
      account: address,
      amountBase: weight,
    }));
    const bonded = read.row(BONDED, SINGLE) ?? [];
    const bonds = bonded.map((address) => read.row(WORKERS, address)?.bondedBase ?? 0n);
    const { circulatingBase } = read.totals();
    const balances = await this.#balances(read, pause);
    await this.#window.follow(number, pause);
    const { from, to } = this.#window.span;
    const byWorker = await summed(this.#window.byWorker(), pause);
    const byPayout = await summed(this.#window.byPayout(), pause);
    // Each sorts all its amounts at once; what waits is let in between two of them.
    const spread = async (
      amounts: readonly bigint[],
      over: Ratio,
    ): Promise<Measure | undefined> => {
      await pause();
      return measureOf(amounts, over);
    };
    this.#newest = {
      commit: number,
      time,
      votes: await spread(await summed(votes, pause), OVER_A_THIRD),
      bonds: await spread(bonds, OVER_A_THIRD),
      work: {
        fromCommit: from,
        toCommit: to,
        fromTime: this.#window.fromTime(),
        payments: this.#window.count,
        unattributed: this.#window.unattributed,
        byWorker: await spread(byWorker, OVER_A_HALF),
        byPayout: await spread(byPayout, OVER_A_HALF),
      },
      balances: {
        measure: await spread(balances.amounts, OVER_A_HALF),
        whole: balances.whole,
        circulatingBase,
      },
    };
    const endMs = clock.nowMs();
    const rest = Math.max(MEASURE_REST_MS, (endMs - beganMs) * MEASURE_REST_TIMES);
    this.#restUntilMs = endMs + rest;
    return this.#newest;
  }

  /** Balances of all accounts that the index knows and of those the ledger began with. */
  async #balances(
    read: StateReader,
    pause: () => Promise<void>,
  ): Promise<{ readonly amounts: readonly bigint[]; readonly whole: boolean }> {
    const { node, genesis } = this.#needs;
    const amounts: bigint[] = [];
    const founding = [...genesis.accounts.map(({ address }) => address), genesis.pool];
    founding.sort(compareBytes);
    let [next, began] = [node.lists.accountAfter(), 0];
    let last: Uint8Array | undefined;
    // Two ascending lists are read as one.
    for (let looked = 0; looked < MEASURED_ACCOUNTS_MAX; looked += 1) {
      while (last !== undefined && began < founding.length) {
        if (compareBytes(founding[began], last) > 0) break;
        began += 1;
      }
      const first = founding.at(began);
      const address = next === undefined || (first && compareBytes(first, next) < 0) ? first : next;
      if (address === undefined) return { amounts, whole: true };
      invariant(last === undefined || compareBytes(address, last) > 0, "accounts ascend");
      const { balanceBase } = read.account(address);
      if (balanceBase > 0n) amounts.push(balanceBase);
      if (next !== undefined && compareBytes(next, address) <= 0) {
        next = node.lists.accountAfter(address);
      }
      last = address;
      await pause();
    }
    return { amounts, whole: false };
  }
}

async function summed(owned: Iterable<Owned>, pause: () => Promise<void>): Promise<bigint[]> {
  const sums = new AccountSums();
  for (const one of owned) {
    sums.add(one);
    await pause();
  }
  return sums.amounts();
}

/** A pause that lets other work run once a slice is used up, and else does not wait. */
function slices(clock: Clock): () => Promise<void> {
  let sliceMs = clock.nowMs();
  return async () => {
    if (Math.abs(clock.nowMs() - sliceMs) < MEASURE_SLICE_MS) return;
    await new Promise<void>((resolve) => void clock.after(0, resolve));
    sliceMs = clock.nowMs();
  };
}
