/**
 * Decides the bytes of a list of pages, which is one row of the database where each page would be a
 * row of its own: what a commit changed, or how pages were before several commits.
 *
 * u32 count ‖ u32 tag of each page, ascending ‖ u32 end of each entry ‖ entries in that order;
 * little-endian. An entry is u16 length of the key ‖ u8 1 where there is a page ‖ key ‖ its bytes.
 * A tag is a hash of the key, because sorting numbers is many times as fast as sorting keys; keys
 * with equal tags stand beside each other.
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { PageChange } from "../../ports/ledger-store.ts";

const ENTRY_HEAD_BYTES = 3;

/** Tags and positions are sorted as one number of 53 bits. */
const POSITIONS = 2 ** 21;

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The tag of a key: FNV-1a, 32 bits. */
export function pageTag(key: Uint8Array): number {
  let tag = FNV_START;
  for (let at = 0; at < key.length; at += 1) tag = Math.imul(tag ^ key[at], FNV_PRIME);
  return tag >>> 0;
}

/** Bytes of a list; where a key is named twice, the later counts. */
export function encodePageList(changes: readonly PageChange[]): Uint8Array {
  invariant(changes.length < POSITIONS, "a list of pages has its maximum");
  const order = new Float64Array(changes.length);
  for (let at = 0; at < changes.length; at += 1) {
    order[at] = pageTag(changes[at].key) * POSITIONS + at;
  }
  order.sort();
  const kept = withoutEarlier(changes, order);
  let size = 4 + 8 * kept.length;
  for (const number of kept) {
    const { key, bytes } = changes[number % POSITIONS];
    size += ENTRY_HEAD_BYTES + key.length + (bytes?.length ?? 0);
  }
  const list = new Uint8Array(size);
  const view = new DataView(list.buffer);
  view.setUint32(0, kept.length, true);
  let end = 4 + 8 * kept.length;
  for (const [position, number] of kept.entries()) {
    const { key, bytes } = changes[number % POSITIONS];
    view.setUint16(end, key.length, true);
    list[end + 2] = bytes === undefined ? 0 : 1;
    list.set(key, end + ENTRY_HEAD_BYTES);
    end += ENTRY_HEAD_BYTES + key.length;
    if (bytes !== undefined) list.set(bytes, end);
    end += bytes?.length ?? 0;
    view.setUint32(4 + 4 * position, Math.floor(number / POSITIONS), true);
    view.setUint32(4 + 4 * kept.length + 4 * position, end, true);
  }
  return list;
}

/** The numbers whose key is not named again by a later one. */
function withoutEarlier(changes: readonly PageChange[], order: Float64Array): Float64Array {
  const isRepeated = (at: number): boolean => {
    const tag = Math.floor(order[at] / POSITIONS);
    for (let next = at + 1; next < order.length; next += 1) {
      if (Math.floor(order[next] / POSITIONS) !== tag) return false;
      if (bytesEqual(changes[order[next] % POSITIONS].key, changes[order[at] % POSITIONS].key)) {
        return true;
      }
    }
    return false;
  };
  return order.filter((_, at) => !isRepeated(at));
}

/** A list read from its bytes; pages are views of them. */
export class PageList {
  readonly #list: Uint8Array;
  readonly #view: DataView;
  readonly count: number;

  /** Throws Fault STORE_DAMAGED for bytes that are no list. */
  constructor(list: Uint8Array) {
    this.#list = list;
    this.#view = new DataView(list.buffer, list.byteOffset, list.byteLength);
    this.count = list.length < 4 ? -1 : this.#view.getUint32(0, true);
    let start = 4 + 8 * this.count;
    if (this.count < 0 || start > list.length) throw damagedList();
    for (let position = 0; position < this.count; position += 1) {
      const end = this.#end(position);
      const head = start + ENTRY_HEAD_BYTES;
      if (end > list.length || head > end) throw damagedList();
      if (head + this.#view.getUint16(start, true) > end) throw damagedList();
      start = end;
    }
    if (start !== list.length) throw damagedList();
  }

  /** Bytes of the whole list. */
  get size(): number {
    return this.#list.length;
  }

  /** The tag of the page at a position. */
  tag(position: number): number {
    return this.#view.getUint32(4 + 4 * position, true);
  }

  /** The key of the page at a position. */
  key(position: number): Uint8Array {
    const start = this.#start(position);
    const length = this.#view.getUint16(start, true);
    return this.#list.subarray(start + ENTRY_HEAD_BYTES, start + ENTRY_HEAD_BYTES + length);
  }

  /** The page at a position; undefined where it says that there is none. */
  bytes(position: number): Uint8Array | undefined {
    const start = this.#start(position);
    if (this.#list[start + 2] === 0) return undefined;
    const first = start + ENTRY_HEAD_BYTES + this.#view.getUint16(start, true);
    return this.#list.subarray(first, this.#end(position));
  }

  /** Position of a key; −1 where the list does not name it. */
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

  #start(position: number): number {
    return position === 0 ? 4 + 8 * this.count : this.#end(position - 1);
  }

  #end(position: number): number {
    return this.#view.getUint32(4 + 4 * this.count + 4 * position, true);
  }
}

function damagedList(): Fault {
  return new Fault("STORE_DAMAGED", "a list of changed pages is malformed", { what: "state" });
}
