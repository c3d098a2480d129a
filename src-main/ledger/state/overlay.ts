/**
 * Decides how a commit changes state before anybody may see it: rows read through to a view,
 * changes kept aside, every change of money counted by the row it stands in. A refused record is
 * rolled back to its savepoint.
 */

import { bytesToHex } from "../../contract/bytes.ts";
import { encode } from "../../codec/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { rowSize } from "./row-size.ts";
import { stateKey } from "./state-view.ts";
import type { StateView } from "./state-view.ts";
import { readRow } from "./tables.ts";
import type { Table } from "./tables.ts";

/** A changed row by its map key; undefined deletes it. */
export interface RowChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

interface Cell {
  readonly table: Table<unknown>;
  readonly id: Uint8Array;
  readonly row: unknown;
  readonly changed: boolean;
}

interface Undo {
  readonly name: string;
  readonly cell: Cell | undefined;
  readonly moneyBase: bigint;
}

/** Rows over a view; nothing reaches the view. */
export class StateOverlay {
  readonly hasher: Hasher;
  readonly #view: StateView;
  readonly #cells = new Map<string, Cell>();
  readonly #undo: Undo[] = [];
  #moneyBase = 0n;

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
    const before = this.#cell(table, id);
    const name = cellName(table, id);
    this.#undo.push({ name, cell: before, moneyBase: this.#moneyBase });
    const held = before.row === undefined ? 0n : table.moneyOf(before.row as R);
    const holds = row === undefined ? 0n : table.moneyOf(row);
    this.#moneyBase += holds - held;
    this.#cells.set(name, { table: table as Table<unknown>, id, row, changed: true });
  }

  /** A point `rollback` can return to. */
  savepoint(): number {
    return this.#undo.length;
  }

  /** Undoes every write since the savepoint. */
  rollback(savepoint: number): void {
    while (this.#undo.length > savepoint) {
      const { name, cell, moneyBase } = this.#undo.pop() as Undo;
      if (cell === undefined) this.#cells.delete(name);
      else this.#cells.set(name, cell);
      this.#moneyBase = moneyBase;
    }
  }

  /**
   * Bytes by which rows grew since the savepoint, keys included, each row counted by itself: what
   * one row frees does not pay for another. Rows of unmetered tables do not count.
   */
  growthSince(savepoint: number): number {
    const seen = new Set<string>();
    let bytes = 0;
    for (let at = savepoint; at < this.#undo.length; at += 1) {
      const { name, cell } = this.#undo[at];
      if (seen.has(name)) continue;
      seen.add(name);
      const { table, row } = this.#cells.get(name) as Cell;
      if (table.unmetered || row === undefined) continue;
      const before = cell?.row === undefined ? 0 : rowSize(table.codec, cell.row);
      const grown = rowSize(table.codec, row) - before;
      if (grown > 0) bytes += grown;
    }
    return bytes;
  }

  /** Every written row in bytes, in no stated order; the state map sorts by key. */
  changes(): RowChange[] {
    const changes: RowChange[] = [];
    for (const { table, id, row, changed } of this.#cells.values()) {
      if (!changed) continue;
      const key = stateKey(this.hasher, table.name, id);
      changes.push({ key, value: row === undefined ? undefined : encode(table.codec, row) });
    }
    return changes;
  }

  #cell<R>(table: Table<R>, id: Uint8Array): Cell {
    const name = cellName(table, id);
    const held = this.#cells.get(name);
    if (held !== undefined) return held;
    const row = readRow(this.#view, this.hasher, table, id);
    const cell = { table: table as Table<unknown>, id, row, changed: false };
    this.#cells.set(name, cell);
    return cell;
  }
}

function cellName<R>(table: Table<R>, id: Uint8Array): string {
  return `${table.name}/${bytesToHex(id)}`;
}
