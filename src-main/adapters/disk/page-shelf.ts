/**
 * Decides where the pages of the state stand. What a commit changed is one row, written with it;
 * the pages that the newest of such rows left are in memory too, and are looked for there first.
 * When they become many they are carried into the table of pages at once, within the transaction of
 * a commit, so that a page which changed in thirty commits is written there once. Writing each page
 * with each commit took most of a commit's time.
 *
 * The rows stay while states before them can be read: a page after commit h is the newest one,
 * taken back through the row of each later commit that changed it. So a reader at h never sees h+1.
 */

import { bytesEqual, bytesToHex, compareBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { PageChange } from "../../ports/ledger-store.ts";
import { PAGE_DIFFERENCE_LEAST_BYTES, REPLAYED_BYTES_MAX, WAITING_BYTES_MAX } from "./limits.ts";
import type { LedgerDatabase } from "./ledger-database.ts";
import { encodePageChanges, pageTag } from "./page-changes.ts";
import type { ChangedPage } from "./page-changes.ts";
import { PageHistory } from "./page-history.ts";
import { putHistory, readHistory } from "./store-meta.ts";
import type { Counts, HistoryMarks } from "./store-meta.ts";

/** A page that waits to be carried into the table, as its newest commit left it. */
interface Waiting {
  readonly key: Uint8Array;
  bytes: Uint8Array | undefined;
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

/** A changed page, and what waits of it so far. */
interface ShelvedPage extends ChangedPage {
  readonly waiting: Waiting | undefined;
}

/** What a commit changed, ready to be written. */
export interface PreparedPages {
  readonly commit: number;
  readonly changes: readonly ShelvedPage[];
  readonly row: Uint8Array;
}

/** What a transaction wrote and memory does not know yet. */
interface KeptPages {
  readonly changes: readonly ShelvedPage[];
  readonly rowBytes: number;
  readonly marks: HistoryMarks;
}

/** Bytes of memory that pages in waiting share: some six of a large map's. */
const SHARED_BYTES = 8_192;

type StoredPage = { readonly key: Uint8Array; readonly bytes: Uint8Array };

/** The pages of a store. */
export class PageShelf {
  readonly #database: LedgerDatabase;
  readonly #retention: number;
  readonly #waitingMax: number;
  readonly #history: PageHistory;
  #marks: HistoryMarks;
  /** Pages that commits after the carried one left, by tag. */
  readonly #waiting = new Map<number, Waiting>();
  #waitingBytes = 0;
  #replayedBytes = 0;
  #kept: KeptPages | undefined;
  #shared = new Uint8Array(0);
  #sharedUsed = SHARED_BYTES;

  /** Throws Fault STORE_DAMAGED where a row that waits is gone or leads nowhere. */
  constructor({ database, folder, counts, retention, waitingMax }: PageShelfParts) {
    const { commits } = counts;
    this.#database = database;
    this.#retention = retention;
    this.#waitingMax = waitingMax;
    this.#history = new PageHistory(database.deltas);
    this.#marks = readHistory(database, commits, folder);
    for (let commit = this.#marks.carried + 1; commit <= commits; commit += 1) {
      const row = this.#history.changes(commit);
      this.#replayedBytes += row.size;
      for (let position = 0; position < row.count; position += 1) {
        const key = row.key(position).slice();
        this.#wait(key, row.tag(position), row.after(position, this.page(key)));
      }
    }
  }

  /** The oldest commit whose state can be read. */
  get oldest(): number {
    return this.#marks.oldest;
  }

  /** Writes the pages of a new store; within its transaction. */
  begin(commits: number, pages: readonly PageChange[]): void {
    for (const page of pages) this.#put(page);
    this.#marks = { oldest: commits, carried: commits };
    putHistory(this.#database, this.#marks);
  }

  /** Makes the row of what a commit changes, which needs no transaction. */
  prepare(commit: number, pages: readonly PageChange[]): PreparedPages {
    const changes = pages.map((page) => this.#changed(page));
    return { commit, changes, row: encodePageChanges(changes, this.#retention > 0) };
  }

  /** Keeps what a commit changed, and drops what is too old; within its transaction. */
  keep({ commit, changes, row }: PreparedPages): void {
    this.#database.deltas.put(commit, row);
    const oldest = Math.max(this.#marks.oldest, commit - this.#retention);
    let { carried } = this.#marks;
    const isFull =
      this.#waitingBytes > WAITING_BYTES_MAX || this.#replayedBytes > REPLAYED_BYTES_MAX;
    if (commit - 1 > carried && (isFull || commit - 1 - carried >= this.#waitingMax)) {
      for (const page of this.#waitingInOrder()) this.#put(page);
      carried = commit - 1;
    }
    const marks = { oldest, carried };
    for (let old = firstRow(this.#marks); old < firstRow(marks); old += 1) {
      this.#database.deltas.remove(old);
    }
    putHistory(this.#database, marks);
    this.#kept = { changes, rowBytes: row.length, marks };
  }

  /** Takes over what `keep` wrote, once it is durable. */
  take(): void {
    invariant(this.#kept !== undefined, "pages are taken over after they were kept");
    const { changes, rowBytes, marks } = this.#kept;
    this.#kept = undefined;
    const isCarried = marks.carried !== this.#marks.carried;
    if (isCarried) {
      this.#waiting.clear();
      this.#waitingBytes = 0;
      this.#replayedBytes = 0;
    }
    this.#history.drop(firstRow(marks));
    this.#marks = marks;
    this.#replayedBytes += rowBytes;
    for (const { key, tag, after, waiting } of changes) {
      const bytes = after && this.#ownMemory(after);
      if (waiting === undefined || isCarried) this.#wait(key, tag, bytes);
      else this.#replace(waiting, bytes);
    }
  }

  /** The newest page of a key; one that waits is handed out as it is, so nobody writes into it. */
  page(key: Uint8Array): Uint8Array | undefined {
    const waiting = this.#waitingOf(key, pageTag(key));
    return waiting === undefined ? this.#database.pages.get(key) : waiting.bytes;
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
    const tag = pageTag(key);
    let bytes = this.page(key);
    for (let number = newest; number > commit; number -= 1) {
      bytes = this.#history.before(number, key, tag, bytes);
    }
    return bytes;
  }

  /** Every page as it was after a commit. Throws Fault STORE_PRUNED likewise. */
  *pagesAt(commit: number, newest: number): Iterable<StoredPage> {
    this.#needKept(commit, newest);
    const changed = new Map<string, PageChange>();
    for (let number = newest; number > commit; number -= 1) {
      const row = this.#history.changes(number);
      for (let position = 0; position < row.count; position += 1) {
        const key = row.key(position).slice();
        const name = bytesToHex(key);
        const known = changed.get(name);
        const after = known === undefined ? this.page(key) : known.bytes;
        changed.set(name, { key, bytes: row.before(position, after) });
      }
    }
    for (const page of this.pages()) if (!changed.has(bytesToHex(page.key))) yield page;
    for (const page of changed.values()) yield* held(page);
  }

  #needKept(commit: number, newest: number): void {
    const { oldest } = this.#marks;
    if (commit >= oldest && commit <= newest) return;
    const facts = { commit, oldest, newest };
    throw new Fault("STORE_PRUNED", `the state after commit ${commit} is not kept`, facts);
  }

  #changed({ key, bytes: after }: PageChange): ShelvedPage {
    const tag = pageTag(key);
    const waiting = this.#waitingOf(key, tag);
    if (waiting !== undefined) return { key, tag, before: waiting.bytes, after, waiting };
    const isShort = after !== undefined && after.length < PAGE_DIFFERENCE_LEAST_BYTES;
    const isAsked = this.#retention > 0 || !isShort;
    const before = isAsked ? this.#database.pages.get(key) : "unknown";
    return { key, tag, before, after, waiting };
  }

  #put({ key, bytes }: PageChange): void {
    if (bytes === undefined) this.#database.pages.remove(key);
    else this.#database.pages.put(key, bytes);
  }

  #wait(key: Uint8Array, tag: number, bytes: Uint8Array | undefined): void {
    const first = this.#waiting.get(tag);
    const known = first === undefined ? undefined : this.#waitingOf(key, tag);
    if (known !== undefined) {
      this.#replace(known, bytes);
      return;
    }
    this.#waitingBytes += key.length + (bytes?.length ?? 0);
    this.#waiting.set(tag, { key, bytes, next: first });
  }

  #replace(waiting: Waiting, bytes: Uint8Array | undefined): void {
    this.#waitingBytes += (bytes?.length ?? 0) - (waiting.bytes?.length ?? 0);
    waiting.bytes = bytes;
  }

  #waitingOf(key: Uint8Array, tag: number): Waiting | undefined {
    let found = this.#waiting.get(tag);
    while (found !== undefined && !bytesEqual(found.key, key)) found = found.next;
    return found;
  }

  /**
   * A copy of bytes that are part of a larger piece of memory, which would live as long as they.
   * Few pages share a piece, so that it goes soon after them; one for each would cost more to make
   * than the copy.
   */
  #ownMemory(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length === bytes.buffer.byteLength) return bytes;
    if (length > SHARED_BYTES / 2) return bytes.slice();
    if (this.#sharedUsed + length > SHARED_BYTES) {
      this.#shared = new Uint8Array(SHARED_BYTES);
      this.#sharedUsed = 0;
    }
    const own = this.#shared.subarray(this.#sharedUsed, this.#sharedUsed + length);
    own.set(bytes);
    // Words of pages are compared, so each begins at one.
    this.#sharedUsed += Math.ceil(length / 4) * 4;
    return own;
  }

  /** Ascending by key: the table is written fastest so. */
  #waitingInOrder(): Waiting[] {
    const all: { readonly order: number; readonly page: Waiting }[] = [];
    for (const first of this.#waiting.values()) {
      for (let page: Waiting | undefined = first; page !== undefined; page = page.next) {
        all.push({ order: beginning(page.key), page });
      }
    }
    all.sort((left, right) => {
      const order = left.order - right.order;
      return order === 0 ? compareBytes(left.page.key, right.page.key) : order;
    });
    return all.map(({ page }) => page);
  }
}

/** A key's first six bytes as a number: comparing numbers is faster than comparing bytes. */
function beginning(key: Uint8Array): number {
  let order = 0;
  for (let at = 0; at < 6; at += 1) order = 256 * order + (key[at] ?? 0);
  return order;
}

/** The first commit whose row is held: to go back to the oldest state, or on from the table. */
function firstRow({ oldest, carried }: HistoryMarks): number {
  return Math.min(oldest, carried) + 1;
}

function* held({ key, bytes }: PageChange): Iterable<StoredPage> {
  if (bytes !== undefined) yield { key, bytes };
}
