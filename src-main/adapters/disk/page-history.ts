/**
 * Decides how pages of earlier states are read: which commit changed which page stands in memory
 * for each row that was asked (four bytes a page), so that only rows which did are read; rows that
 * were read are kept for a while.
 */

import { Fault } from "../../contract/outcome.ts";
import type { ByteTable } from "./ledger-database.ts";
import { PAGE_ROWS_BYTES_MAX, PAGE_TAGS_BYTES_MAX } from "./limits.ts";
import { PageChanges } from "./page-changes.ts";

/** The rows of commits, as far as they are held. */
export class PageHistory {
  readonly #rows: ByteTable<number>;
  /** By commit; rows never change. The last used stand last. */
  readonly #read = new Map<number, PageChanges>();
  #readBytes = 0;
  /** By commit; the first asked stand first. */
  readonly #tags = new Map<number, Uint32Array>();
  #tagsBytes = 0;

  constructor(rows: ByteTable<number>) {
    this.#rows = rows;
  }

  /** What a commit changed. Throws Fault STORE_DAMAGED where its row is gone or malformed. */
  changes(commit: number): PageChanges {
    const known = this.#read.get(commit);
    const row = known ?? this.#stored(commit);
    this.#read.delete(commit);
    this.#read.set(commit, row);
    if (known === undefined) this.#readBytes += row.size;
    for (const [oldest, { size }] of this.#read) {
      if (this.#readBytes <= PAGE_ROWS_BYTES_MAX || oldest === commit) break;
      this.#read.delete(oldest);
      this.#readBytes -= size;
    }
    return row;
  }

  /** A page before a commit, given as the commit left it; the same where it did not change it. */
  before(
    commit: number,
    key: Uint8Array,
    tag: number,
    after: Uint8Array | undefined,
  ): Uint8Array | undefined {
    if (!holds(this.#tagsOf(commit), tag)) return after;
    const row = this.changes(commit);
    const position = row.find(key, tag);
    return position < 0 ? after : row.before(position, after);
  }

  /** Forgets the rows of commits below one: they are held no more. */
  drop(below: number): void {
    for (const [commit, { size }] of this.#read) {
      if (commit >= below) continue;
      this.#read.delete(commit);
      this.#readBytes -= size;
    }
    for (const commit of this.#tags.keys()) if (commit < below) this.#forgetTags(commit);
  }

  #tagsOf(commit: number): Uint32Array {
    const known = this.#tags.get(commit);
    if (known !== undefined) return known;
    const tags = this.changes(commit).tags();
    this.#tags.set(commit, tags);
    this.#tagsBytes += tags.byteLength;
    for (const first of this.#tags.keys()) {
      if (this.#tagsBytes <= PAGE_TAGS_BYTES_MAX || first === commit) break;
      this.#forgetTags(first);
    }
    return tags;
  }

  #forgetTags(commit: number): void {
    this.#tagsBytes -= this.#tags.get(commit)?.byteLength ?? 0;
    this.#tags.delete(commit);
  }

  #stored(commit: number): PageChanges {
    const row = this.#rows.get(commit);
    if (row !== undefined) return new PageChanges(row);
    throw new Fault("STORE_DAMAGED", "what a commit changed is gone", { commit });
  }
}

/** Whether ascending numbers hold one. */
function holds(numbers: Uint32Array, number: number): boolean {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low < numbers.length && numbers[low] === number;
}
