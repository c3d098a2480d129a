/**
 * Decides how the state after an earlier commit is read: each commit leaves the pages it changed
 * as they were before it, in the same transaction, and takes away those of the commit that falls
 * out of the retention. A page after commit h is what the first later commit that changed it left,
 * or the page as it is now; so a reader at h never sees h+1.
 *
 * Rows follow each other by commit, so writing them touches one place of the database; a read of
 * an old state looks through one list for each commit since.
 */

import { bytesToHex, compareBytes } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { PageChange } from "../../ports/ledger-store.ts";
import { UNDO_LISTS_BYTES_MAX } from "./limits.ts";
import type { LedgerDatabase } from "./ledger-database.ts";

/** Earlier states of the pages of a store. */
export class PageHistory {
  readonly #database: LedgerDatabase;
  readonly #retention: number;
  /** Lists of changed pages by commit; they never change, so they may be kept. */
  readonly #lists = new Map<number, Uint8Array>();
  #listsBytes = 0;

  /** @param retention  commits before the newest whose state can be read */
  constructor(database: LedgerDatabase, retention: number) {
    this.#database = database;
    this.#retention = retention;
  }

  /** The oldest commit whose state can be read. */
  oldest(newest: number): number {
    for (const { key } of this.#database.undoLists.range(undefined, undefined, 1)) return key - 1;
    return newest;
  }

  /**
   * A page as it was after a commit.
   * Throws Fault STORE_PRUNED for a commit whose state is not kept.
   */
  pageAt(commit: number, newest: number, key: Uint8Array): Uint8Array | undefined {
    this.#needKept(commit, newest);
    for (let number = commit + 1; number <= newest; number += 1) {
      const list = this.#list(number);
      const position = list === undefined ? -1 : positionOf(list, key);
      if (position < 0) continue;
      return this.#before(number, position);
    }
    return this.#database.pages.get(key);
  }

  /** Every page as it was after a commit. Throws Fault STORE_PRUNED likewise. */
  *pagesAt(
    commit: number,
    newest: number,
  ): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }> {
    this.#needKept(commit, newest);
    const changed = new Map<string, { key: Uint8Array; bytes: Uint8Array | undefined }>();
    for (let number = newest; number > commit; number -= 1) {
      for (const [position, key] of keysOf(this.#list(number)).entries()) {
        changed.set(bytesToHex(key), { key, bytes: this.#before(number, position) });
      }
    }
    for (const page of this.#database.pages.range()) {
      if (!changed.has(bytesToHex(page.key))) yield page;
    }
    for (const { key, bytes } of changed.values()) if (bytes !== undefined) yield { key, bytes };
  }

  /** Keeps what a commit is about to change, and drops what is too old; within its transaction. */
  keep(commit: number, changes: readonly PageChange[]): void {
    const { pages, undo, undoLists } = this.#database;
    if (this.#retention > 0) {
      const keys = changes.map(({ key }) => key).sort(compareBytes);
      const distinct = keys.filter((key, at) => at === 0 || compareBytes(keys[at - 1], key) !== 0);
      for (const [position, key] of distinct.entries()) {
        const held = pages.get(key);
        const row = new Uint8Array(held === undefined ? 1 : 1 + held.length);
        if (held !== undefined) {
          row[0] = 1;
          row.set(held, 1);
        }
        undo.put(undoKey(commit, position), row);
      }
      undoLists.put(commit, listOf(distinct));
    }
    this.#drop(commit - this.#retention);
  }

  #needKept(commit: number, newest: number): void {
    const oldest = this.oldest(newest);
    if (commit >= oldest && commit <= newest) return;
    const facts = { commit, oldest, newest };
    throw new Fault("STORE_PRUNED", `the state after commit ${commit} is not kept`, facts);
  }

  /** The page at a position of a commit's list as it was before that commit. */
  #before(commit: number, position: number): Uint8Array | undefined {
    const row = this.#database.undo.get(undoKey(commit, position));
    if (row === undefined || row.length === 0) {
      throw new Fault("STORE_DAMAGED", "an earlier page is gone", { commit });
    }
    return row[0] === 0 ? undefined : row.subarray(1);
  }

  /** Drops what commits up to this one left. */
  #drop(last: number): void {
    const { undo, undoLists } = this.#database;
    const old = [...undoLists.range(undefined, last + 1)];
    for (const { key: commit, bytes } of old) {
      const count = countOf(bytes);
      for (let position = 0; position < count; position += 1) {
        undo.remove(undoKey(commit, position));
      }
      undoLists.remove(commit);
      this.#forget(commit);
    }
  }

  #list(commit: number): Uint8Array | undefined {
    const kept = this.#lists.get(commit);
    if (kept !== undefined) return kept;
    const list = this.#database.undoLists.get(commit);
    if (list === undefined) return undefined;
    if (this.#listsBytes + list.length <= UNDO_LISTS_BYTES_MAX) {
      this.#lists.set(commit, list);
      this.#listsBytes += list.length;
    }
    return list;
  }

  #forget(commit: number): void {
    this.#listsBytes -= this.#lists.get(commit)?.length ?? 0;
    this.#lists.delete(commit);
  }
}

/** u64 commit ‖ u32 position, big-endian so that rows follow by commit. */
function undoKey(commit: number, position: number): Uint8Array {
  const key = new Uint8Array(12);
  const view = new DataView(key.buffer);
  view.setUint32(0, Math.floor(commit / 2 ** 32));
  view.setUint32(4, commit % 2 ** 32);
  view.setUint32(8, position);
  return key;
}

/** u32 count ‖ u32 end of each key ‖ keys, ascending; a key is then found by halving. */
function listOf(keys: readonly Uint8Array[]): Uint8Array {
  const head = 4 + 4 * keys.length;
  let size = head;
  for (const key of keys) size += key.length;
  const list = new Uint8Array(size);
  const view = new DataView(list.buffer);
  view.setUint32(0, keys.length);
  let at = head;
  for (const [position, key] of keys.entries()) {
    list.set(key, at);
    at += key.length;
    view.setUint32(4 + 4 * position, at);
  }
  return list;
}

function countOf(list: Uint8Array): number {
  return new DataView(list.buffer, list.byteOffset, list.byteLength).getUint32(0);
}

function keysOf(list: Uint8Array | undefined): Uint8Array[] {
  if (list === undefined) return [];
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const count = view.getUint32(0);
  let start = 4 + 4 * count;
  return Array.from({ length: count }, (_, position) => {
    const end = view.getUint32(4 + 4 * position);
    const key = list.slice(start, end);
    start = end;
    return key;
  });
}

/** Position of a key in a list; −1 when the commit did not change it. */
function positionOf(list: Uint8Array, key: Uint8Array): number {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const count = view.getUint32(0);
  const head = 4 + 4 * count;
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? head : view.getUint32(4 * middle);
    const end = view.getUint32(4 + 4 * middle);
    const order = compareBytes(list.subarray(start, end), key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
