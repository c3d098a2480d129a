/** Decides which rows each table holds, under which id, and how much money a row stands for. */

import type { Codec } from "../../codec/index.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { validatorSetCodec } from "../genesis/genesis.ts";
import type { Validator } from "../genesis/genesis.ts";
import {
  accountRowCodec,
  agendaRowCodec,
  bondedRowCodec,
  feesRowCodec,
  jobRowCodec,
  keyRowCodec,
  laneRowCodec,
  leavingEndsRowCodec,
  leavingRowCodec,
  listingRowCodec,
  offenceRowCodec,
  parametersRowCodec,
  totalsRowCodec,
  unbondingRowCodec,
  unitRowCodec,
  workerRowCodec,
} from "./rows.ts";
import type {
  AccountRow,
  AgendaRow,
  BondedRow,
  FeesRow,
  JobRow,
  KeyRow,
  LaneRow,
  LeavingEndsRow,
  LeavingRow,
  ListingRow,
  OffenceRow,
  ParametersRow,
  TotalsRow,
  UnbondingRow,
  UnitRow,
  WorkerRow,
} from "./rows.ts";
import { stateKey } from "./state-view.ts";
import type { StateView, TableName } from "./state-view.ts";

/** A table: its rows' bytes and the VIV a row holds. */
export interface Table<R> {
  readonly name: TableName;
  readonly codec: Codec<R>;
  readonly moneyOf: (row: R) => bigint;
  /** The ledger's own bookkeeping: no record pays for the growth of its rows. */
  readonly unmetered?: true;
}

const noMoney = (): bigint => 0n;

/** One row, id `SINGLE`. */
export const TOTALS: Table<TotalsRow> = {
  name: "totals",
  codec: totalsRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** Two rows: `AGENDA_BY_VIEW` and `AGENDA_BY_TIME`. */
export const AGENDA: Table<AgendaRow> = {
  name: "agenda",
  codec: agendaRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** One row, id `SINGLE`. */
export const VALIDATORS: Table<readonly Validator[]> = {
  name: "validators",
  codec: validatorSetCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** One row, id `SINGLE`. */
export const BONDED: Table<BondedRow> = {
  name: "bonded",
  codec: bondedRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** By address. */
export const ACCOUNTS: Table<AccountRow> = {
  name: "accounts",
  codec: accountRowCodec,
  moneyOf: (row) => row.balanceBase,
};
/** By address ‖ u32 lane. */
export const LANES: Table<LaneRow> = {
  name: "lanes",
  codec: laneRowCodec,
  moneyOf: (row) => row.deposit.depositBase,
};
/** By address; a bond is money its owner cannot move. */
export const WORKERS: Table<WorkerRow> = {
  name: "workers",
  codec: workerRowCodec,
  moneyOf: (row) => row.bondedBase,
};
/** By u32 number from 1. */
export const LISTINGS: Table<ListingRow> = {
  name: "listings",
  codec: listingRowCodec,
  moneyOf: noMoney,
};
/** By job id, the id of the record that created it. */
export const JOBS: Table<JobRow> = {
  name: "jobs",
  codec: jobRowCodec,
  moneyOf: (row) => row.escrowBase + row.deposit.depositBase,
};
/** By unit id. */
export const UNITS: Table<UnitRow> = { name: "units", codec: unitRowCodec, moneyOf: noMoney };

/** One row, id `SINGLE`; absent while no parameter was ever changed. */
export const PARAMETERS: Table<ParametersRow> = {
  name: "parameters",
  codec: parametersRowCodec,
  moneyOf: noMoney,
};

/** By address; absent while an account signs with its own key. */
export const KEYS: Table<KeyRow> = {
  name: "keys",
  codec: keyRowCodec,
  moneyOf: (row) => row.deposit.depositBase,
};
/** One row, id `SINGLE`; absent at the plain price. */
export const FEES: Table<FeesRow> = {
  name: "fees",
  codec: feesRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** By address; absent when nothing is on its way out. */
export const UNBONDINGS: Table<UnbondingRow> = {
  name: "unbondings",
  codec: unbondingRowCodec,
  moneyOf: (row) => row.reduce((sum, { amountBase }) => sum + amountBase, 0n),
};
/** By queue ‖ u64 number; `leaving.ts`. */
export const LEAVING: Table<LeavingRow> = {
  name: "leaving",
  codec: leavingRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** By queue; absent when nothing waits in it. */
export const LEAVING_ENDS: Table<LeavingEndsRow> = {
  name: "leaving-ends",
  codec: leavingEndsRowCodec,
  moneyOf: noMoney,
  unmetered: true,
};
/** By consensus key ‖ u64 epoch ‖ u64 view. */
export const OFFENCES: Table<OffenceRow> = {
  name: "offences",
  codec: offenceRowCodec,
  moneyOf: noMoney,
};

/** Id of the only row of a table. */
export const SINGLE: Uint8Array = Uint8Array.of(0);
export const AGENDA_BY_VIEW: Uint8Array = Uint8Array.of(0);
export const AGENDA_BY_TIME: Uint8Array = Uint8Array.of(1);

/** Id of a lane's row. */
export function laneId(account: Uint8Array, lane: number): Uint8Array {
  const id = new Uint8Array(24);
  id.set(account, 0);
  new DataView(id.buffer).setUint32(20, lane, true);
  return id;
}

/** Id of a listing's row. */
export function listingId(listing: number): Uint8Array {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, listing, true);
  return id;
}

/**
 * Reads one row; undefined when there is none.
 * Throws Fault STORE_DAMAGED with the table and the row for bytes that nobody wrote: only what
 * encodes is stored, and a disk may give other bytes back.
 */
export function readRow<R>(
  view: StateView,
  hasher: Hasher,
  table: Table<R>,
  id: Uint8Array,
): R | undefined {
  return readRowAt(view, table, id, stateKey(hasher, table.name, id));
}

/** As `readRow`, for whoever knows the row's key already. */
export function readRowAt<R>(
  view: StateView,
  table: Table<R>,
  id: Uint8Array,
  key: Uint8Array,
): R | undefined {
  const bytes = view.get(key);
  if (bytes === undefined) return undefined;
  const row = decode(table.codec, bytes);
  if (row.ok) return row.value;
  const facts = { table: table.name, row: bytesToHex(id), because: row.rejection.code };
  throw new Fault("STORE_DAMAGED", `a stored row of ${table.name} is malformed`, facts);
}
