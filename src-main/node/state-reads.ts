/** Decides how rows of the last stored state are shown to other rooms. */

import type { Hasher } from "../crypto/index.ts";
import {
  ACCOUNTS,
  JOBS,
  listingId,
  LISTINGS,
  readRow,
  SINGLE,
  TOTALS,
  UNITS,
  WORKERS,
} from "../ledger/index.ts";
import type { ListingRow, StateView, Table, TotalsRow } from "../ledger/index.ts";
import { invariant } from "../contract/outcome.ts";
import type { AccountView, JobView, UnitView } from "./types.ts";

/** Rows of one state. */
export class StateReads {
  readonly #view: StateView;
  readonly #hasher: Hasher;

  constructor(view: StateView, hasher: Hasher) {
    this.#view = view;
    this.#hasher = hasher;
  }

  account(address: Uint8Array): AccountView {
    const account = readRow(this.#view, this.#hasher, ACCOUNTS, address);
    const worker = readRow(this.#view, this.#hasher, WORKERS, address);
    return { balanceBase: account?.balanceBase ?? 0n, worker };
  }

  job(id: Uint8Array): JobView | undefined {
    const row = readRow(this.#view, this.#hasher, JOBS, id);
    return row === undefined ? undefined : { ...row, id };
  }

  unit(id: Uint8Array): UnitView | undefined {
    const row = readRow(this.#view, this.#hasher, UNITS, id);
    return row === undefined ? undefined : { ...row, id };
  }

  /** Listing n of the genesis, from 1; undefined for any other number. */
  listing(number: number): ListingRow | undefined {
    const listable = Number.isInteger(number) && number > 0 && number < 2 ** 32;
    if (!listable) return undefined;
    return readRow(this.#view, this.#hasher, LISTINGS, listingId(number));
  }

  /** Any row of any table; undefined when there is none. */
  row<R>(table: Table<R>, id: Uint8Array): R | undefined {
    return readRow(this.#view, this.#hasher, table, id);
  }

  totals(): TotalsRow {
    const totals = readRow(this.#view, this.#hasher, TOTALS, SINGLE);
    invariant(totals !== undefined, "a state has its totals");
    return totals;
  }
}
