/**
 * Decides how a commit changes state before anybody may see it: rows read through to a view,
 * changes kept aside, every change of money counted by the row it stands in. A refused record is
 * rolled back to its savepoint.
 */

import { bytesToKey } from "../../contract/bytes.ts";
import { encode } from "../../codec/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { rowSize } from "./row-size.ts";
import { stateKey } from "./state-view.ts";
import type { StateView } from "./state-view.ts";
import { readRowAt } from "./tables.ts";
import type { Table } from "./tables.ts";

/** A changed row by its map key; undefined deletes it. */
export interface RowChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** A row as it is now, and the one place it stands at however often it is written. */
interface Cell {
  readonly table: Table<unknown>;
  /** Key of the row in the map. */
  readonly key: Uint8Array;
  row: unknown;
  changed: boolean;
  /** The newest count of rows' growth that looked at it. */
  seen: number;
}

interface Undo {
  readonly cell: Cell;
  readonly row: unknown;
  readonly changed: boolean;
  readonly moneyBase: bigint;
}

/** Rows over a view; nothing reaches the view. */
export class StateOverlay {
  readonly hasher: Hasher;
  readonly #view: StateView;
  /** By table, then by id. */
  readonly #cells = new Map<Table<unknown>, Map<string, Cell>>();
  readonly #undo: Undo[] = [];
  #moneyBase = 0n;
  /** Counts of rows' growth so far. */
  #growths = 0;

  constructor(view: StateView, hasher: Hasher) {
    this.#view = view;
    this.hasher = hasher;
  }

  /** By how much the money in all rows differs from the view's; negative when less. */
  get moneyChangeBase(): bigint {
    return this.#moneyBase;
  }

  /** A row as it is now; undefined when there is none. */
  read<R>(table: Table<R>, id: Uint8Array): R | undefined {
    return this.#cell(table, id).row as R | undefined;
  }

  /** Writes a row, or deletes it with undefined. */
  write<R>(table: Table<R>, id: Uint8Array, row: R | undefined): void {
    const cell = this.#cell(table, id);
    const { row: before, changed } = cell;
    this.#undo.push({ cell, row: before, changed, moneyBase: this.#moneyBase });
    const held = before === undefined ? 0n : table.moneyOf(before as R);
    const holds = row === undefined ? 0n : table.moneyOf(row);
    if (holds !== held) this.#moneyBase += holds - held;
    cell.row = row;
    cell.changed = true;
  }

  /** A point `rollback` can return to. */
  savepoint(): number {
    return this.#undo.length;
  }

  /** Undoes every write since the savepoint. */
  rollback(savepoint: number): void {
    while (this.#undo.length > savepoint) {
      const { cell, row, changed, moneyBase } = this.#undo.pop() as Undo;
      cell.row = row;
      cell.changed = changed;
      this.#moneyBase = moneyBase;
    }
  }

  /**
   * Bytes by which rows grew since the savepoint, keys included, each row counted by itself: what
   * one row frees does not pay for another. Rows of unmetered tables do not count.
   */
  growthSince(savepoint: number): number {
    this.#growths += 1;
    let bytes = 0;
    for (let at = savepoint; at < this.#undo.length; at += 1) {
      const { cell, row: before } = this.#undo[at];
      // The first write since the savepoint knows the row as it was then.
      if (cell.seen === this.#growths) continue;
      cell.seen = this.#growths;
      const { table, row } = cell;
      if (table.unmetered || row === undefined) continue;
      const held = before === undefined ? 0 : rowSize(table.codec, before);
      const grown = rowSize(table.codec, row) - held;
      if (grown > 0) bytes += grown;
    }
    return bytes;
  }

  /** Every written row in bytes, in no stated order; the state map sorts by key. */
  changes(): RowChange[] {
    const changes: RowChange[] = [];
    for (const [table, cells] of this.#cells) {
      for (const { key, row, changed } of cells.values()) {
        if (!changed) continue;
        changes.push({ key, value: row === undefined ? undefined : encode(table.codec, row) });
      }
    }
    return changes;
  }

  #cell<R>(table: Table<R>, id: Uint8Array): Cell {
    let cells = this.#cells.get(table as Table<unknown>);
    if (cells === undefined) {
      cells = new Map();
      this.#cells.set(table as Table<unknown>, cells);
    }
    const name = bytesToKey(id);
    const held = cells.get(name);
    if (held !== undefined) return held;
    const key = stateKey(this.hasher, table.name, id);
    const row = readRowAt(this.#view, table, id, key);
    const cell = { table: table as Table<unknown>, key, row, changed: false, seen: 0 };
    cells.set(name, cell);
    return cell;
  }
}
