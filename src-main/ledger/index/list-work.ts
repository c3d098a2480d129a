/**
 * Decides how a list grows: its tree by the right edge, its pages by the last one, so that an
 * append touches two pages whatever the list's length.
 */

import { invariant } from "../../contract/outcome.ts";
import { leafHash, MerkleFrontier } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { ListHead } from "./collection.ts";
import type { ListPlace } from "./collection-pages.ts";
import { damagedIndex, decodeEntryPage, encodeEntryPage, entriesPerPage } from "./entry.ts";
import type { StoredEntry } from "./entry.ts";
import { listEdgeKey, listEntriesKey } from "./page-keys.ts";
import type { PageWork } from "./page-work.ts";

/** A list under work. */
export class ListWork {
  readonly #hasher: Hasher;
  readonly #pages: PageWork;
  readonly #place: ListPlace;
  readonly #edge: MerkleFrontier;
  readonly #perPage: number;
  #tombstones: number;
  /** Entries of the page that is not full yet. */
  #tail: Uint8Array[];

  private constructor(
    hasher: Hasher,
    pages: PageWork,
    place: ListPlace,
    begins: { readonly edge: MerkleFrontier; readonly tombstones: number },
  ) {
    this.#hasher = hasher;
    this.#pages = pages;
    this.#place = place;
    this.#edge = begins.edge;
    this.#tombstones = begins.tombstones;
    this.#perPage = entriesPerPage(place.dimension);
    const held = this.#edge.size % this.#perPage;
    this.#tail = held === 0 ? [] : this.#lastPage(held);
  }

  /** A list without entries; the pages of a former one are the caller's to delete. */
  static empty(hasher: Hasher, pages: PageWork, place: ListPlace): ListWork {
    return new ListWork(hasher, pages, place, { edge: new MerkleFrontier(hasher), tombstones: 0 });
  }

  /** A stored list. Throws Fault STORE_DAMAGED where edge and head differ. */
  static open(hasher: Hasher, pages: PageWork, place: ListPlace, head: ListHead): ListWork {
    const tombstones = Number(head.tombstones);
    if (head.size === 0n) return ListWork.empty(hasher, pages, place);
    const bytes = pages.read(listEdgeKey(place.collection, place.list));
    const edge = bytes === undefined ? undefined : MerkleFrontier.restore(hasher, bytes);
    if (edge?.ok !== true || BigInt(edge.value.size) !== head.size) {
      throw damagedIndex("the right edge of a list");
    }
    return new ListWork(hasher, pages, place, { edge: edge.value, tombstones });
  }

  /** Appends an entry; its slot is above all before it. */
  append({ entry, bytes }: StoredEntry): void {
    this.#edge.append(leafHash(this.#hasher, bytes));
    this.#tail.push(bytes);
    if (entry.retracts !== undefined) this.#tombstones += 1;
    if (this.#tail.length < this.#perPage) return;
    this.#writeTail(this.#edge.size - 1);
    this.#tail = [];
  }

  /** Writes what is not written yet; answers the head. */
  finish(): ListHead {
    const { size } = this.#edge;
    const { collection, list } = this.#place;
    if (this.#tail.length > 0) this.#writeTail(size - 1);
    if (size > 0) this.#pages.write(listEdgeKey(collection, list), this.#edge.serialise());
    return {
      root: this.#edge.root(),
      size: BigInt(size),
      tombstones: BigInt(this.#tombstones),
    };
  }

  #writeTail(lastEntry: number): void {
    const page = Math.floor(lastEntry / this.#perPage);
    const { collection, list } = this.#place;
    this.#pages.write(listEntriesKey(collection, list, page), encodeEntryPage(this.#tail));
  }

  #lastPage(held: number): Uint8Array[] {
    const page = Math.floor(this.#edge.size / this.#perPage);
    const { collection, list } = this.#place;
    const bytes = this.#pages.read(listEntriesKey(collection, list, page));
    if (bytes === undefined) throw damagedIndex("a list");
    const entries = [...decodeEntryPage(bytes)];
    invariant(entries.length === held, "the last page of a list holds what its size says");
    return entries;
  }
}
