/**
 * Decides where the index stands among the pages of a store: every key begins with 0xfd, which no
 * page or row of the state map does (their first byte is a multiple of six, or 0xff). Numbers in
 * keys are big-endian, so that a store keeps what belongs together in order.
 */

import { concatBytes } from "../../contract/bytes.ts";

/** First byte of every page of the index. */
export const INDEX_PAGES = 0xfd;

const MAP = 0;
const CENTROIDS = 1;
const LIST_HEADS = 2;
const LIST_EDGE = 3;
const LIST_ENTRIES = 4;
const SLOTS = 5;
const WAITING = 6;

function keyOf(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(INDEX_PAGES, kind), ...parts);
}

function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A page or row of the map of collections; `key` is the state map's 33 bytes for it. */
export function mapPageKey(key: Uint8Array): Uint8Array {
  return keyOf(MAP, key);
}

/** Page `page` of a collection's centroids, 64 each. */
export function centroidsKey(collection: Uint8Array, page: number): Uint8Array {
  return keyOf(CENTROIDS, collection, u32Bytes(page));
}

/** The heads of all lists of a collection. */
export function listHeadsKey(collection: Uint8Array): Uint8Array {
  return keyOf(LIST_HEADS, collection);
}

/** The right edge of a list's tree. */
export function listEdgeKey(collection: Uint8Array, list: number): Uint8Array {
  return keyOf(LIST_EDGE, collection, u32Bytes(list));
}

/** Page `page` of a list's entries. */
export function listEntriesKey(collection: Uint8Array, list: number, page: number): Uint8Array {
  return keyOf(LIST_ENTRIES, collection, u32Bytes(list), u32Bytes(page));
}

/** Where the live entries of 256 slots stand; `group` is the slot without its last 8 bits. */
export function slotsKey(group: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, group);
  return keyOf(SLOTS, bytes);
}

/** The builds that wait. */
export function waitingKey(): Uint8Array {
  return keyOf(WAITING);
}
