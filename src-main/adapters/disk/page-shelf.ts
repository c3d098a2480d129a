/**
 * Decides where the pages of the state stand. What a commit changed is one row, written with it;
 * the newest of such rows are in memory too, and a page is looked for there first. When they become
 * many they are carried into the table of pages at once, within the transaction of a commit, so
 * that a page which changed in thirty commits is written there once. Writing each page with each
 * commit took most of a commit's time.
 *
 * The rows stay while states among them can be read. Where commits were carried together, one more
 * row holds the pages as they were before them. A page after commit h is what the last of its
 * commits up to h left, or what the next carrying found, or the page in the table; so a reader at h
 * never sees h+1.
 */

import { bytesEqual, bytesToHex, compareBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { PageChange } from "../../ports/ledger-store.ts";
import { PAGE_LISTS_BYTES_MAX, WAITING_BYTES_MAX } from "./limits.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { encodePageList, PageList, pageTag } from "./page-list.ts";
import { putHistory, readHistory } from "./store-meta.ts";
import type { Counts, HistoryMarks } from "./store-meta.ts";

/** A page that waits to be carried into the table, as its newest commit left it. */
interface Waiting {
  readonly key: Uint8Array;
  bytes: Uint8Array | undefined;
  commit: number;
  /** The next page with the same tag. */
  readonly next: Waiting | undefined;
}

/** What pages are kept with. */
export interface PageShelfParts {
  readonly database: LedgerDatabase;
  /** Of the store, to be named. */
  readonly folder: string;
  readonly counts: Pick<Counts, "commits">;
  /** Commits before the newest whose state can be read. */
  readonly retention: number;
  /** Commits that wait at most. */
  readonly waitingMax: number;
}

/** What a transaction wrote and memory does not know yet. */
interface KeptPages {
  readonly commit: number;
  readonly list: PageList;
  readonly marks: HistoryMarks;
}

type StoredPage = { readonly key: Uint8Array; readonly bytes: Uint8Array };

/** The pages of a store. */
export class PageShelf {
  readonly #database: LedgerDatabase;
  readonly #retention: number;
  readonly #waitingMax: number;
  #marks: HistoryMarks;
  /** What the commits that wait changed, by commit. */
  readonly #lists = new Map<number, PageList>();
  #waitingBytes = 0;
  readonly #waiting = new Map<number, Waiting>();
  #kept: KeptPages | undefined;
  /** Rows of earlier commits that were read; they never change. The last used stand last. */
  readonly #read = new Map<string, PageList>();
  #readBytes = 0;

  /** Throws Fault STORE_DAMAGED where a row that waits is gone. */
  constructor({ database, folder, counts, retention, waitingMax }: PageShelfParts) {
    const { commits } = counts;
    this.#database = database;
    this.#retention = retention;
    this.#waitingMax = waitingMax;
    this.#marks = readHistory(database, commits, folder);
    for (let commit = this.#marks.carried + 1; commit <= commits; commit += 1) {
      this.#wait(commit, this.#stored("deltas", commit));
    }
  }

  /** The oldest commit whose state can be read. */
  get oldest(): number {
    return this.#marks.oldest;
  }

  /** Writes the pages of a new store; within its transaction. */
  begin(commits: number, pages: readonly PageChange[]): void {
    for (const page of pages) this.#put(page);
    this.#marks = { oldest: commits, carried: commits, groups: [] };
    putHistory(this.#database, this.#marks);
  }

  /** Keeps what a commit changed, and drops what is too old; within its transaction. */
  keep(commit: number, changes: readonly PageChange[]): void {
    const { deltas } = this.#database;
    const list = encodePageList(changes);
    deltas.put(commit, list);
    const oldest = Math.max(this.#marks.oldest, commit - this.#retention);
    let { carried, groups } = this.#marks;
    const isFull = this.#waitingBytes + list.length > WAITING_BYTES_MAX;
    if (this.#lists.size > 0 && (isFull || this.#lists.size >= this.#waitingMax)) {
      this.#carry(carried, oldest < commit - 1);
      groups = [...groups, carried];
      carried = commit - 1;
    }
    const ends = (at: number): number => groups[at + 1] ?? carried;
    const isKept = (at: number): boolean => ends(at) > oldest;
    for (const [at, start] of groups.entries()) if (!isKept(at)) this.#drop(start, ends(at));
    const marks = { oldest, carried, groups: groups.filter((_, at) => isKept(at)) };
    putHistory(this.#database, marks);
    this.#kept = { commit, list: new PageList(list), marks };
  }

  /** Takes over what `keep` wrote, once it is durable. */
  take(): void {
    invariant(this.#kept !== undefined, "pages are taken over after they were kept");
    const { commit, list, marks } = this.#kept;
    this.#kept = undefined;
    if (marks.carried !== this.#marks.carried) {
      this.#lists.clear();
      this.#waiting.clear();
      this.#waitingBytes = 0;
    }
    this.#marks = marks;
    this.#wait(commit, list);
  }

  /** The newest page of a key. */
  page(key: Uint8Array): Uint8Array | undefined {
    const waiting = this.#waitingOf(key, pageTag(key));
    return waiting === undefined ? this.#database.pages.get(key) : waiting.bytes?.slice();
  }

  /** Every page, in the order of their keys. */
  *pages(): Iterable<StoredPage> {
    const waiting = this.#waitingInOrder();
    let at = 0;
    for (const page of this.#database.pages.range()) {
      let order = -1;
      while (at < waiting.length && (order = compareBytes(waiting[at].key, page.key)) < 0) {
        yield* held(waiting[at]);
        at += 1;
      }
      if (at < waiting.length && order === 0) {
        yield* held(waiting[at]);
        at += 1;
      } else yield page;
    }
    for (; at < waiting.length; at += 1) yield* held(waiting[at]);
  }

  /**
   * A page as it was after a commit.
   * Throws Fault STORE_PRUNED for a commit whose state is not kept.
   */
  pageAt(commit: number, newest: number, key: Uint8Array): Uint8Array | undefined {
    this.#needKept(commit, newest);
    const { carried, groups } = this.#marks;
    const tag = pageTag(key);
    const waiting = this.#waitingOf(key, tag);
    if (commit >= carried) {
      if (waiting === undefined) return this.#database.pages.get(key);
      if (waiting.commit <= commit) return waiting.bytes?.slice();
    }
    const group = this.#groupOf(commit);
    const start = groups[group] ?? carried;
    for (let number = commit; number > start; number -= 1) {
      const list = this.#delta(number);
      const position = list.find(key, tag);
      if (position >= 0) return list.bytes(position)?.slice();
    }
    for (let at = group; at < groups.length; at += 1) {
      const list = this.#listOf("befores", groups[at]);
      const position = list.find(key, tag);
      if (position >= 0) return list.bytes(position)?.slice();
    }
    return this.#database.pages.get(key);
  }

  /** Every page as it was after a commit. Throws Fault STORE_PRUNED likewise. */
  *pagesAt(commit: number, newest: number): Iterable<StoredPage> {
    this.#needKept(commit, newest);
    const { carried, groups } = this.#marks;
    const changed = new Map<string, PageChange>();
    const lay = (list: PageList): void => {
      for (let at = 0; at < list.count; at += 1) {
        const key = list.key(at).slice();
        changed.set(bytesToHex(key), { key, bytes: list.bytes(at)?.slice() });
      }
    };
    const group = this.#groupOf(commit);
    for (let at = groups.length - 1; at >= group; at -= 1) lay(this.#listOf("befores", groups[at]));
    const start = groups[group] ?? carried;
    for (let number = start + 1; number <= commit; number += 1) lay(this.#delta(number));
    for (const page of this.#database.pages.range()) {
      if (!changed.has(bytesToHex(page.key))) yield page;
    }
    for (const page of changed.values()) yield* held(page);
  }

  /** Where the group stands in which a commit's state is; the number of groups when it waits. */
  #groupOf(commit: number): number {
    const { carried, groups } = this.#marks;
    if (commit >= carried) return groups.length;
    return groups.findLastIndex((start) => start <= commit);
  }

  #needKept(commit: number, newest: number): void {
    const { oldest } = this.#marks;
    if (commit >= oldest && commit <= newest) return;
    const facts = { commit, oldest, newest };
    throw new Fault("STORE_PRUNED", `the state after commit ${commit} is not kept`, facts);
  }

  /** Carries what waits into the table; what was there goes into one row if it is still read. */
  #carry(start: number, isRead: boolean): void {
    const { pages, befores } = this.#database;
    const waiting = this.#waitingInOrder();
    if (isRead) {
      const before = waiting.map(({ key }) => ({ key, bytes: pages.get(key) }));
      befores.put(start, encodePageList(before));
    }
    for (const page of waiting) this.#put(page);
  }

  #put({ key, bytes }: PageChange): void {
    if (bytes === undefined) this.#database.pages.remove(key);
    else this.#database.pages.put(key, bytes);
  }

  /** Drops what the commits after `start` up to `end` left. */
  #drop(start: number, end: number): void {
    const { deltas, befores } = this.#database;
    befores.remove(start);
    for (let commit = start + 1; commit <= end; commit += 1) deltas.remove(commit);
  }

  #wait(commit: number, list: PageList): void {
    this.#lists.set(commit, list);
    this.#waitingBytes += list.size;
    for (let at = 0; at < list.count; at += 1) {
      const tag = list.tag(at);
      const key = list.key(at);
      const bytes = list.bytes(at);
      const known = this.#waitingOf(key, tag);
      if (known !== undefined) {
        known.bytes = bytes;
        known.commit = commit;
      } else this.#waiting.set(tag, { key, bytes, commit, next: this.#waiting.get(tag) });
    }
  }

  #waitingOf(key: Uint8Array, tag: number): Waiting | undefined {
    let found = this.#waiting.get(tag);
    while (found !== undefined && !bytesEqual(found.key, key)) found = found.next;
    return found;
  }

  /** Ascending by key: the table is written fastest so. */
  #waitingInOrder(): Waiting[] {
    const all: Waiting[] = [];
    for (const first of this.#waiting.values()) {
      for (let at: Waiting | undefined = first; at !== undefined; at = at.next) all.push(at);
    }
    return all.sort((left, right) => compareBytes(left.key, right.key));
  }

  #delta(commit: number): PageList {
    return this.#lists.get(commit) ?? this.#listOf("deltas", commit);
  }

  #listOf(table: "deltas" | "befores", number: number): PageList {
    const name = `${table} ${number}`;
    const known = this.#read.get(name);
    const list = known ?? this.#stored(table, number);
    this.#read.delete(name);
    this.#read.set(name, list);
    if (known === undefined) this.#readBytes += list.size;
    for (const [oldest, { size }] of this.#read) {
      if (this.#readBytes <= PAGE_LISTS_BYTES_MAX || oldest === name) break;
      this.#read.delete(oldest);
      this.#readBytes -= size;
    }
    return list;
  }

  #stored(table: "deltas" | "befores", number: number): PageList {
    const row = this.#database[table].get(number);
    if (row !== undefined) return new PageList(row);
    throw new Fault("STORE_DAMAGED", "an earlier page is gone", { commit: number });
  }
}

function* held({ key, bytes }: PageChange): Iterable<StoredPage> {
  if (bytes !== undefined) yield { key, bytes };
}
