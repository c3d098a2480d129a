/**
 * A ledger's database on a simulated disk: a transaction is seen at once, and at a power cut it is
 * there whole or not at all until its sync. What lmdb itself does at a cut has a test of its own.
 */

import { dirname } from "node:path";
import type { ByteTable, LedgerDatabase } from "../../../src-main/adapters/disk/index.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import { folderAt } from "./simulated-files.ts";

type Key = string | number | Uint8Array;
type Rows = ReadonlyMap<string, { readonly key: Key; readonly bytes: Uint8Array }>;
type Tables = ReadonlyMap<string, Rows>;

const NAMES = [
  ...(["meta", "places", "outcomes", "pages", "tiles", "commits", "index"] as const),
  "deltas",
] as const;

/** Text that sorts as the key does. */
function orderOf(key: Key): string {
  if (typeof key === "number") return String(key).padStart(20, "0");
  return typeof key === "string" ? key : Buffer.from(key).toString("latin1");
}

/** Opens the database of a folder on that disk. */
export function openMemoryDatabase(disk: SimulatedDisk, folder: string): LedgerDatabase {
  const place = folderAt(disk, dirname(folder));
  const cell = disk.cells.get(place) ?? { durable: new Map(), pending: undefined };
  disk.cells.set(place, cell);
  let open: Map<string, Map<string, { key: Key; bytes: Uint8Array }>> | undefined;
  const tables = (): Tables => open ?? ((cell.pending?.state ?? cell.durable) as Tables);
  const rowsOf = (name: string): Rows => disk.read(() => tables().get(name) ?? new Map());
  const tableOf = <K extends Key>(name: string): ByteTable<K> => ({
    get: (key) => rowsOf(name).get(orderOf(key))?.bytes.slice(),
    put: (key, bytes) => void open?.get(name)?.set(orderOf(key), { key, bytes: bytes.slice() }),
    remove: (key) => void open?.get(name)?.delete(orderOf(key)),
    *range(start, end, limit = Infinity) {
      const rows = [...rowsOf(name)].sort(([left], [right]) => (left < right ? -1 : 1));
      let given = 0;
      for (const [order, { key, bytes }] of rows) {
        if (start !== undefined && order < orderOf(start)) continue;
        if ((end !== undefined && order >= orderOf(end)) || given >= limit) return;
        given += 1;
        yield { key: key as K, bytes: bytes.slice() };
      }
    },
  });
  const [meta, places, outcomes, pages, tiles, commits, index, deltas] = NAMES;
  return {
    meta: tableOf(meta),
    places: tableOf(places),
    outcomes: tableOf(outcomes),
    pages: tableOf(pages),
    tiles: tableOf(tiles),
    commits: tableOf(commits),
    index: tableOf(index),
    deltas: tableOf(deltas),
    transact(change) {
      open = new Map(NAMES.map((name) => [name, new Map(tables().get(name) ?? [])]));
      const state = open;
      try {
        change();
      } finally {
        open = undefined;
      }
      disk.change("database transaction", () => void (cell.pending = { state }));
      disk.sync("database sync", () => {
        cell.durable = state;
        cell.pending = undefined;
      });
    },
    close: () => Promise.resolve(),
  };
}
