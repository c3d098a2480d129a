/**
 * Decides the bytes of what a commit changed in the pages, which is one row of the database: of
 * each page only what differs, with what stood there before it, so that the row leads from the
 * state before the commit to the one after it and back. A commit touches about as many pages as
 * rows and changes few bytes of each.
 *
 * u32 count ‖ u32 tag of each page, ascending ‖ u32 end of each entry ‖ entries in that order;
 * little-endian. An entry is u16 length of the key ‖ u8 flags ‖ u32 bytes that stay at the page's
 * beginning ‖ u32 bytes that stay at its end ‖ u32 bytes between them before ‖ u32 after ‖ key ‖
 * bytes before (where the flags say so) ‖ bytes after. A tag is a hash of the key, because sorting
 * numbers is many times as fast as sorting keys; keys with equal tags stand beside each other.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import { copyBytes } from "./copy-bytes.ts";
import { PAGE_DIFFERENCE_LEAST_BYTES } from "./limits.ts";

const ENTRY_HEAD_BYTES = 19;

/** Flags: there is a page after the commit; there was one before it; its bytes are in the row. */
const AFTER = 1;
const BEFORE = 2;
const HELD = 4;

/** Tags and positions are sorted as one number of 53 bits. */
const POSITIONS = 2 ** 21;

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A page that a commit changed; undefined where there is none. */
export interface ChangedPage {
  readonly key: Uint8Array;
  readonly tag: number;
  /** "unknown" where nobody will ask for it: then the row holds the whole page after it. */
  readonly before: Uint8Array | undefined | "unknown";
  readonly after: Uint8Array | undefined;
}

/** The tag of a key: FNV-1a, 32 bits. */
export function pageTag(key: Uint8Array): number {
  let tag = FNV_START;
  for (let at = 0; at < key.length; at += 1) tag = Math.imul(tag ^ key[at], FNV_PRIME);
  return tag >>> 0;
}

/** Numbers of an entry: bytes that stay at both ends, and between them before and after. */
const SIZES = 4;

/**
 * Bytes of the row; where a key is named twice, the later counts.
 * @param isRead  whether the state before the commit will be read from it
 */
export function encodePageChanges(changes: readonly ChangedPage[], isRead: boolean): Uint8Array {
  invariant(changes.length < POSITIONS, "a commit's changed pages have their maximum");
  const order = new Float64Array(changes.length);
  for (let at = 0; at < changes.length; at += 1) order[at] = changes[at].tag * POSITIONS + at;
  order.sort();
  const kept: ChangedPage[] = [];
  const sizes = new Uint32Array(SIZES * changes.length);
  let size = 4;
  for (let at = 0; at < order.length; at += 1) {
    if (isRepeated(changes, order, at)) continue;
    const page = changes[order[at] % POSITIONS];
    const first = SIZES * kept.length;
    measure(page, sizes, first);
    const held = isRead ? sizes[first + 2] : 0;
    size += 8 + ENTRY_HEAD_BYTES + page.key.length + held + sizes[first + 3];
    kept.push(page);
  }
  const row = new Uint8Array(size);
  const view = new DataView(row.buffer);
  view.setUint32(0, kept.length, true);
  let end = 4 + 8 * kept.length;
  for (let at = 0; at < kept.length; at += 1) {
    end = putEntry(row, view, end, kept[at], sizes, SIZES * at, isRead);
    view.setUint32(4 + 4 * at, kept[at].tag, true);
    view.setUint32(4 + 4 * kept.length + 4 * at, end, true);
  }
  return row;
}

/** Whether a later change names the key again. */
function isRepeated(changes: readonly ChangedPage[], order: Float64Array, at: number): boolean {
  const { key, tag } = changes[order[at] % POSITIONS];
  for (let next = at + 1; next < order.length; next += 1) {
    const other = changes[order[next] % POSITIONS];
    if (other.tag !== tag) return false;
    if (bytesEqual(other.key, key)) return true;
  }
  return false;
}

/** Writes the numbers of an entry; nothing stays where that would save too little. */
function measure({ before, after }: ChangedPage, sizes: Uint32Array, first: number): void {
  const known = before === "unknown" ? undefined : before;
  const beforeBytes = known?.length ?? 0;
  const afterBytes = after?.length ?? 0;
  const least = beforeBytes < afterBytes ? beforeBytes : afterBytes;
  let prefix = 0;
  let suffix = 0;
  if (known !== undefined && after !== undefined && least >= PAGE_DIFFERENCE_LEAST_BYTES) {
    prefix = alikeAtStart(known, after, least);
    suffix = alikeAtEnd(known, after, least - prefix);
  }
  sizes[first] = prefix;
  sizes[first + 1] = suffix;
  sizes[first + 2] = beforeBytes - prefix - suffix;
  sizes[first + 3] = afterBytes - prefix - suffix;
}

/** Equal bytes at the beginning of both, up to a number; four at a time where both are aligned. */
function alikeAtStart(one: Uint8Array, other: Uint8Array, most: number): number {
  let alike = 0;
  if (one.byteOffset % 4 === 0 && other.byteOffset % 4 === 0) {
    const words = Math.floor(most / 4);
    const left = new Int32Array(one.buffer, one.byteOffset, words);
    const right = new Int32Array(other.buffer, other.byteOffset, words);
    let word = 0;
    while (word < words && left[word] === right[word]) word += 1;
    alike = 4 * word;
  }
  while (alike < most && one[alike] === other[alike]) alike += 1;
  return alike;
}

/** Equal bytes at the end of both, likewise. */
function alikeAtEnd(one: Uint8Array, other: Uint8Array, most: number): number {
  let alike = 0;
  const oneEnd = one.byteOffset + one.length;
  const otherEnd = other.byteOffset + other.length;
  if (oneEnd % 4 === 0 && otherEnd % 4 === 0) {
    const words = Math.floor(most / 4);
    const left = new Int32Array(one.buffer, oneEnd - 4 * words, words);
    const right = new Int32Array(other.buffer, otherEnd - 4 * words, words);
    let word = words - 1;
    while (word >= 0 && left[word] === right[word]) word -= 1;
    alike = 4 * (words - 1 - word);
  }
  const oneLast = one.length - 1;
  const otherLast = other.length - 1;
  while (alike < most && one[oneLast - alike] === other[otherLast - alike]) alike += 1;
  return alike;
}

/** Writes an entry; answers where it ends. */
function putEntry(
  row: Uint8Array,
  view: DataView,
  start: number,
  { key, before, after }: ChangedPage,
  sizes: Uint32Array,
  first: number,
  isRead: boolean,
): number {
  view.setUint16(start, key.length, true);
  const isBefore = before === undefined || before === "unknown" ? 0 : BEFORE;
  row[start + 2] = (after === undefined ? 0 : AFTER) | isBefore | (isRead ? HELD : 0);
  for (let each = 0; each < SIZES; each += 1) {
    view.setUint32(start + 3 + 4 * each, sizes[first + each], true);
  }
  let at = start + ENTRY_HEAD_BYTES;
  copyBytes(row, at, key, 0, key.length);
  at += key.length;
  const prefix = sizes[first];
  if (isRead && sizes[first + 2] > 0) {
    invariant(before !== undefined && before !== "unknown", "what will be read is known");
    copyBytes(row, at, before, prefix, sizes[first + 2]);
    at += sizes[first + 2];
  }
  if (after !== undefined) copyBytes(row, at, after, prefix, sizes[first + 3]);
  return at + sizes[first + 3];
}

/** What a commit changed, read from its row. */
export class PageChanges {
  readonly #row: Uint8Array;
  readonly #view: DataView;
  readonly count: number;

  /** Throws Fault STORE_DAMAGED for bytes that are no such row. */
  constructor(row: Uint8Array) {
    this.#row = row;
    this.#view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    this.count = row.length < 4 ? -1 : this.#view.getUint32(0, true);
    let start = 4 + 8 * this.count;
    if (this.count < 0 || start > row.length) throw damagedRow();
    for (let position = 0; position < this.count; position += 1) {
      const end = this.#end(position);
      if (end > row.length || start + ENTRY_HEAD_BYTES > end) throw damagedRow();
      const held = (row[start + 2] & HELD) === 0 ? 0 : this.#view.getUint32(start + 11, true);
      const size =
        this.#view.getUint16(start, true) + held + this.#view.getUint32(start + 15, true);
      if (start + ENTRY_HEAD_BYTES + size !== end) throw damagedRow();
      start = end;
    }
    if (start !== row.length) throw damagedRow();
  }

  /** Bytes of the whole row. */
  get size(): number {
    return this.#row.length;
  }

  /** The tags of all pages, ascending; a copy. */
  tags(): Uint32Array {
    return Uint32Array.from({ length: this.count }, (_, position) => this.tag(position));
  }

  /** The tag of the page at a position. */
  tag(position: number): number {
    return this.#view.getUint32(4 + 4 * position, true);
  }

  /** The key of the page at a position; a view. */
  key(position: number): Uint8Array {
    const start = this.#start(position);
    const first = start + ENTRY_HEAD_BYTES;
    return this.#row.subarray(first, first + this.#view.getUint16(start, true));
  }

  /**
   * The page at a position as the commit left it.
   * Throws Fault STORE_DAMAGED where the row does not lead from that page.
   * @param before  as it was before the commit
   */
  after(position: number, before: Uint8Array | undefined): Uint8Array | undefined {
    const start = this.#start(position);
    if ((this.#row[start + 2] & AFTER) === 0) return undefined;
    return this.#joined(start, before, { from: 11, to: 15 });
  }

  /**
   * The page at a position as it was before the commit.
   * Throws Fault STORE_DAMAGED where the row does not lead from that page, or back at all.
   * @param after  as the commit left it
   */
  before(position: number, after: Uint8Array | undefined): Uint8Array | undefined {
    const start = this.#start(position);
    const flags = this.#row[start + 2];
    if ((flags & HELD) === 0) throw damagedRow();
    if ((flags & BEFORE) === 0) return undefined;
    return this.#joined(start, after, { from: 15, to: 11 });
  }

  /** Position of a key; −1 where the commit did not change it. */
  find(key: Uint8Array, tag: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tag(middle) < tag) low = middle + 1;
      else high = middle;
    }
    for (; low < this.count && this.tag(low) === tag; low += 1) {
      if (bytesEqual(this.key(low), key)) return low;
    }
    return -1;
  }

  /** One side of an entry, put together from the other; `from` and `to` are where sizes stand. */
  #joined(
    start: number,
    other: Uint8Array | undefined,
    { from, to }: { readonly from: number; readonly to: number },
  ): Uint8Array {
    const view = this.#view;
    const prefix = view.getUint32(start + 3, true);
    const suffix = view.getUint32(start + 7, true);
    const size = view.getUint32(start + to, true);
    const first = start + ENTRY_HEAD_BYTES + view.getUint16(start, true);
    const isHeld = (this.#row[start + 2] & HELD) !== 0;
    const skipped = to === 15 && isHeld ? view.getUint32(start + 11, true) : 0;
    const own = this.#row.subarray(first + skipped, first + skipped + size);
    if (prefix === 0 && suffix === 0) return own.slice();
    const length = prefix + view.getUint32(start + from, true) + suffix;
    if (other?.length !== length) throw damagedRow();
    const page = new Uint8Array(prefix + size + suffix);
    page.set(other.subarray(0, prefix));
    page.set(own, prefix);
    page.set(other.subarray(length - suffix), prefix + size);
    return page;
  }

  #start(position: number): number {
    return position === 0 ? 4 + 8 * this.count : this.#end(position - 1);
  }

  #end(position: number): number {
    return this.#view.getUint32(4 + 4 * this.count + 4 * position, true);
  }
}

function damagedRow(): Fault {
  return new Fault("STORE_DAMAGED", "a commit's changed pages are malformed", { what: "state" });
}
