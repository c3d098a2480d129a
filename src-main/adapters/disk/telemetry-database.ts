/**
 * Decides how the past of the devices lies on the disk: one lmdb file of its own, so that nothing
 * of it can harm or slow the ledger. Writes wait in lmdb's own thread: the daemon never waits for
 * a sync. What a crash takes is what was not yet told to be kept, about the last minute.
 */

import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import type { Database, RootDatabase } from "lmdb";
import {
  TELEMETRY_DEVICES_MAX,
  TELEMETRY_FIELDS,
  TELEMETRY_ID_MAX,
  TELEMETRY_LEVELS,
} from "../../ports/telemetry-store.ts";
import type {
  TelemetryField,
  TelemetryPoint,
  TelemetryRow,
  TelemetryStore,
} from "../../ports/telemetry-store.ts";
import { databaseFileState, fillLockFile } from "./database-file.ts";
import { TELEMETRY_MAP_BYTES } from "./limits.ts";
import { onDisk, storeFault } from "./store-faults.ts";
import {
  joinFigures,
  readTelemetryRow,
  telemetryFigure,
  telemetryRowNumber,
  writeTelemetryRow,
} from "./telemetry-rows.ts";

type RowTable = Database<Uint8Array, Uint8Array>;
type NameTable = Database<Uint8Array, string>;

/** A store that is open, and whether a damaged one was put aside for it. */
export interface OpenTelemetry {
  readonly store: TelemetryStore;
  /** Where the unreadable files lie now; null where there were none. */
  readonly putAside: string | null;
}

/**
 * Opens the store in its folder, making it where there is none. A file that is no database is put
 * aside, whole, and a new one begun: past figures are worth less than a daemon that starts.
 * Throws Fault STORE_DISK_FULL, STORE_READ_ONLY, STORE_FAILED.
 */
export function openTelemetryStore(folder: string): OpenTelemetry {
  const file = join(folder, "data.mdb");
  let putAside: string | null = null;
  onDisk(folder, () => {
    if (databaseFileState(file) === "unreadable") putAside = moveAside(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    fillLockFile(join(folder, "lock.mdb"));
  });
  const root = onDisk(folder, () =>
    open<Uint8Array, string>({
      path: folder,
      mapSize: TELEMETRY_MAP_BYTES,
      maxDbs: 2,
      encoding: "binary",
      noSubdir: false,
    }),
  );
  return { store: new TelemetryDatabase(root, folder), putAside };
}

/** A name that is not taken, beside the folder. */
function moveAside(folder: string): string {
  let number = 1;
  while (existsSync(`${folder}.damaged-${number}`)) number += 1;
  const aside = `${folder}.damaged-${number}`;
  renameSync(folder, aside);
  return aside;
}

class TelemetryDatabase implements TelemetryStore {
  readonly #root: RootDatabase<Uint8Array, string>;
  readonly #folder: string;
  readonly #rows: RowTable;
  readonly #names: NameTable;
  /** Number of each device in the keys of its rows. */
  readonly #numbers = new Map<string, number>();

  constructor(root: RootDatabase<Uint8Array, string>, folder: string) {
    this.#root = root;
    this.#folder = folder;
    const byBytes = { encoding: "binary", keyEncoding: "binary" } as const;
    this.#names = onDisk(folder, () =>
      root.openDB<Uint8Array, string>("devices", { encoding: "binary" }),
    );
    this.#rows = onDisk(folder, () => root.openDB<Uint8Array, Uint8Array>("rows", byBytes));
    this.#readNumbers();
  }

  devices(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  async add(rows: readonly TelemetryRow[]): Promise<void> {
    try {
      // Every put of one turn of the event loop is in one transaction: all or none.
      const puts = rows.flatMap((row) => this.#put(row));
      await Promise.all(puts);
      await this.#root.flushed;
    } catch (error) {
      // A number that was given out and not kept would be another device's after a restart.
      this.#readNumbers();
      throw storeFault(error, this.#folder);
    }
  }

  read(
    device: string,
    level: number,
    field: TelemetryField,
    from: number,
    to: number,
  ): readonly TelemetryPoint[] {
    const number = this.#numbers.get(device);
    const { rows } = TELEMETRY_LEVELS[level];
    if (number === undefined || to <= from) return [];
    const first = Math.max(from, to - rows);
    const index = TELEMETRY_FIELDS.indexOf(field);
    const found: TelemetryPoint[] = [];
    onDisk(this.#folder, () => {
      // The places of a span are one stretch, or two where it passes the end of the ring.
      const place = first % rows;
      const count = to - first;
      const spans = [
        [place, Math.min(rows, place + count)],
        [0, Math.max(0, place + count - rows)],
      ];
      for (const [start, end] of spans) {
        if (end <= start) continue;
        const bounds = { start: rowKey(number, level, start), end: rowKey(number, level, end) };
        for (const { value } of this.#rows.getRange(bounds)) {
          const row = telemetryRowNumber(value);
          if (row === null || row < first || row >= to) continue;
          const figure = telemetryFigure(value, index);
          if (figure !== null) found.push({ row, ...figure });
        }
      }
    });
    return found;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #readNumbers(): void {
    onDisk(this.#folder, () => {
      this.#numbers.clear();
      for (const { key, value } of this.#names.getRange()) this.#numbers.set(key, value[0]);
    });
  }

  #put({ device, level, row, figures }: TelemetryRow): Promise<boolean>[] {
    const { number, kept } = this.#numberOf(device);
    if (number === null) return [];
    const key = rowKey(number, level, row % TELEMETRY_LEVELS[level].rows);
    const bytes = this.#rows.get(key);
    const stored = bytes === undefined ? null : readTelemetryRow(bytes);
    const joined =
      stored?.row === row
        ? figures.map((figure, index) => joinFigures(stored.figures[index], figure))
        : figures;
    return [...kept, this.#rows.put(key, writeTelemetryRow({ row, figures: joined }))];
  }

  #numberOf(device: string): { number: number | null; kept: Promise<boolean>[] } {
    const known = this.#numbers.get(device);
    if (known !== undefined) return { number: known, kept: [] };
    const number = this.#numbers.size;
    if (number >= TELEMETRY_DEVICES_MAX || device.length > TELEMETRY_ID_MAX) {
      return { number: null, kept: [] };
    }
    this.#numbers.set(device, number);
    return { number, kept: [this.#names.put(device, Uint8Array.of(number))] };
  }
}

/** Big-endian, so that keys stand in the order of their places. */
function rowKey(device: number, level: number, place: number): Uint8Array {
  const key = new Uint8Array(6);
  const view = new DataView(key.buffer);
  view.setUint8(0, device);
  view.setUint8(1, level);
  view.setUint32(2, place, false);
  return key;
}
