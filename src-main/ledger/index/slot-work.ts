/**
 * Decides how a retraction finds the list of what it retracts: pages of 256 slots say in which list
 * of which collection each live entry stands.
 */

import { decode, encode, fixedBytes, list, struct, u32, u8 } from "../../codec/index.ts";
import { damagedIndex } from "./entry.ts";
import { slotsKey } from "./page-keys.ts";
import type { PageWork } from "./page-work.ts";

const GROUP_BITS = 8n;
const GROUP_SLOTS = 256;

const placeCodec = struct({ low: u8, collection: fixedBytes(32), list: u32 });
const pageCodec = list(placeCodec, GROUP_SLOTS);

/** Where a live entry stands. */
export interface SlotPlace {
  /** Key of the collection. */
  readonly collection: Uint8Array;
  readonly list: number;
}

/** Places of slots under work. */
export class SlotWork {
  readonly #pages: PageWork;
  readonly #groups = new Map<bigint, Map<number, SlotPlace>>();
  readonly #changed = new Set<bigint>();

  constructor(pages: PageWork) {
    this.#pages = pages;
  }

  /** The place of a live entry; undefined when none stands there. */
  place(slot: bigint): SlotPlace | undefined {
    return this.#group(slot >> GROUP_BITS).get(lowOf(slot));
  }

  /** Sets the place of a slot, or removes it with undefined. */
  set(slot: bigint, place: SlotPlace | undefined): void {
    const group = slot >> GROUP_BITS;
    const places = this.#group(group);
    if (place === undefined) places.delete(lowOf(slot));
    else places.set(lowOf(slot), place);
    this.#changed.add(group);
  }

  /** Writes the changed pages. */
  finish(): void {
    for (const group of this.#changed) {
      const places = [...this.#group(group)].sort(([left], [right]) => left - right);
      const rows = places.map(([low, place]) => ({ low, ...place }));
      const bytes = rows.length === 0 ? undefined : encode(pageCodec, rows);
      this.#pages.write(slotsKey(group), bytes);
    }
  }

  #group(group: bigint): Map<number, SlotPlace> {
    const held = this.#groups.get(group);
    if (held !== undefined) return held;
    const bytes = this.#pages.read(slotsKey(group));
    const rows = bytes === undefined ? undefined : decode(pageCodec, bytes);
    if (rows?.ok === false) throw damagedIndex("a page of slots");
    const places = new Map<number, SlotPlace>();
    for (const { low, collection, list: of } of rows?.value ?? []) {
      places.set(low, { collection, list: of });
    }
    this.#groups.set(group, places);
    return places;
  }
}

function lowOf(slot: bigint): number {
  return Number(slot & 0xffn);
}
