/**
 * Decides whether the pages of a similarity index are those of one index, whole: everything is made
 * again from rows, centroids and entries, which the root binds; what is merely derived (edges,
 * places of slots, builds that wait) must come out as it was given, and no page may be left over.
 */

import { decode, encode } from "../../codec/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  centroidPages,
  centroidsRoot,
  listHeadsCodec,
  listsRoot,
  readCentroids,
  readList,
  readListHeads,
} from "../index/collection-pages.ts";
import { collectionCodec } from "../index/collection.ts";
import type { Collection, ListHead } from "../index/collection.ts";
import { entryOf } from "../index/entry.ts";
import { ListWork } from "../index/list-work.ts";
import { centroidsKey, listHeadsKey, mapPageKey, waitingKey } from "../index/page-keys.ts";
import { PageWork } from "../index/page-work.ts";
import { SlotWork } from "../index/slot-work.ts";
import { encodeWaiting, withBuild } from "../index/waiting-builds.ts";
import type { WaitingBuild } from "../index/waiting-builds.ts";
import { EMPTY_STATE_ROOT, updateStateMap } from "../state/map.ts";
import type { HashPairs } from "../state/map-page.ts";
import { valueKey } from "../state/map-page.ts";
import type { RowChange } from "../state/overlay.ts";

/** A page of an index by its key in the store. */
export interface IndexPage {
  readonly key: Uint8Array;
  readonly bytes: Uint8Array;
}

interface Needs {
  readonly hasher: Hasher;
  readonly hashPairs?: HashPairs | undefined;
}

/** First bytes of the key of a collection's row. */
const ROW_PREFIX = mapPageKey(valueKey(new Uint8Array(32))).subarray(0, 3);

/**
 * The root of the index that these pages are; undefined where they are no whole index.
 * @cost  hashes every entry once
 */
export function checkIndexPages(needs: Needs, pages: readonly IndexPage[]): Uint8Array | undefined {
  if (pages.length === 0) return EMPTY_STATE_ROOT;
  try {
    return rebuiltRoot(needs, pages);
  } catch (error) {
    // The readers of an index tell what does not read back as damage.
    if (error instanceof Fault && error.code === "STORE_DAMAGED") return undefined;
    throw error;
  }
}

function rebuiltRoot(needs: Needs, pages: readonly IndexPage[]): Uint8Array | undefined {
  const given = new Map(pages.map(({ key, bytes }) => [bytesToHex(key), bytes]));
  const readPage = (key: Uint8Array) => given.get(bytesToHex(key));
  const made = new PageWork(() => undefined);
  const slots = new SlotWork(made);
  const rows: RowChange[] = [];
  let waiting: readonly WaitingBuild[] = [];
  for (const { key, bytes } of pages) {
    if (!ROW_PREFIX.every((byte, at) => key[at] === byte)) continue;
    const collection = key.slice(ROW_PREFIX.length);
    const row = decode(collectionCodec, bytes);
    if (!row.ok || collection.length !== 32) return undefined;
    rows.push({ key: collection, value: bytes });
    if (!rebuildCollection({ needs, readPage, made, slots }, collection, row.value)) {
      return undefined;
    }
    const { building } = row.value;
    if (building !== undefined) {
      waiting = withBuild(waiting, { dueEpoch: building.dueEpoch, collection });
    }
  }
  slots.finish();
  const map = updateStateMap({ ...needs, readPage: () => undefined }, rows);
  for (const page of map.pages) made.write(mapPageKey(page.key), page.bytes);
  made.write(waitingKey(), encodeWaiting(waiting));
  const all = made.changes().filter((page) => page.bytes !== undefined);
  const same = all.every(({ key, bytes }) => {
    const held = given.get(bytesToHex(key));
    return held !== undefined && bytes !== undefined && bytesEqual(held, bytes);
  });
  return same && all.length === given.size ? map.root : undefined;
}

interface Work {
  readonly needs: Needs;
  readonly readPage: (key: Uint8Array) => Uint8Array | undefined;
  readonly made: PageWork;
  readonly slots: SlotWork;
}

/** Makes the pages of a collection again; false where they do not give what its row binds. */
function rebuildCollection(work: Work, key: Uint8Array, row: Collection): boolean {
  const { needs, readPage, made } = work;
  const centroids = readCentroids(readPage, key, row);
  const root = centroidsRoot(needs.hasher, centroids, row.dimension);
  const heads = readListHeads(readPage, key, row);
  const bound =
    bytesEqual(root, row.centroidsRoot) &&
    bytesEqual(listsRoot(needs.hasher, heads), row.listsRoot);
  if (!bound) return false;
  for (const [page, bytes] of centroidPages(centroids, row.dimension).entries()) {
    made.write(centroidsKey(key, page), bytes);
  }
  made.write(listHeadsKey(key), encode(listHeadsCodec, heads));
  return heads.every((head, list) =>
    rebuildList(work, { collection: key, dimension: row.dimension, list }, head),
  );
}

function rebuildList(
  { needs, readPage, made, slots }: Work,
  place: { readonly collection: Uint8Array; readonly dimension: number; readonly list: number },
  head: ListHead,
): boolean {
  const again = ListWork.empty(needs.hasher, made, place);
  const stored = readList(readPage, place, Number(head.size));
  const entries = stored.map((bytes) => ({ entry: entryOf(bytes), bytes }));
  for (const each of entries) again.append(each);
  const { root, size, tombstones } = again.finish();
  const buried = new Set(entries.map(({ entry }) => entry.retracts));
  for (const { entry } of entries) {
    const isLive = entry.retracts === undefined && !buried.has(entry.slot);
    if (isLive) slots.set(entry.slot, { collection: place.collection, list: place.list });
  }
  return bytesEqual(root, head.root) && size === head.size && tombstones === head.tombstones;
}
