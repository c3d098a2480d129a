/**
 * Decides how energy is kept on the disk (`ports/energy-store.ts`): one lmdb environment in a
 * folder of its own, some 10 MB for a year of one source. A killed process loses what it had not
 * handed over, nothing that was written.
 */

import { Fault, invariant } from "../../contract/outcome.ts";
import { ENERGY_DAY_MS, ENERGY_ROWS_MAX } from "../../ports/energy-store.ts";
import type {
  DayClosure,
  EnergyBatch,
  EnergyRow,
  EnergyStore,
  SignalKind,
  SignalRow,
  SourceSince,
  UnitEnergy,
} from "../../ports/energy-store.ts";
import type { MeterIdentity } from "../../ports/meter.ts";
import { readRow, rowKey, startOf, writeRow } from "./energy-rows.ts";
import { openEnergyTables } from "./energy-tables.ts";
import type { EnergyTable, EnergyTableName, EnergyTables } from "./energy-tables.ts";
import { ENERGY_DAY_KEPT_BYTES_MAX, ENERGY_NAMES_MAX, ENERGY_STATE_BYTES_MAX } from "./limits.ts";

/** What the store needs of whoever opens it. */
export interface EnergyDatabaseNeeds {
  /** Two parts of one row as one (the energy room's `mergedRow`). */
  readonly merge: (there: EnergyRow, added: EnergyRow) => EnergyRow;
  /** Told when a damaged file was put aside. */
  readonly onPutAside?: (file: string) => void;
}

const SIGNAL_KINDS: readonly SignalKind[] = [
  "carbon-average",
  "carbon-marginal",
  "carbon-residual",
  "carbon-free-share",
  "price",
];

/** Keys removed in one transaction of a pruning. */
const PRUNE_KEYS = 8_192;

/** Opens the store. Throws Faults of the disk (STORE_…). */
export function openEnergyDatabase(folder: string, needs: EnergyDatabaseNeeds): EnergyStore {
  const tables = openEnergyTables(folder, needs.onPutAside ?? (() => undefined));
  return new EnergyDatabase(tables, needs.merge);
}

class EnergyDatabase implements EnergyStore {
  readonly #tables: EnergyTables;
  readonly #merge: EnergyDatabaseNeeds["merge"];
  readonly #numbers = new Map<string, number>();

  constructor(tables: EnergyTables, merge: EnergyDatabaseNeeds["merge"]) {
    this.#tables = tables;
    this.#merge = merge;
  }

  write({ rows, states }: EnergyBatch): void {
    if (rows.length === 0 && states.length === 0) return;
    for (const { startMs } of rows) {
      const dayMs = Math.floor(startMs / ENERGY_DAY_MS) * ENERGY_DAY_MS;
      if (this.#table("days").get(dayKey(dayMs)) !== undefined) {
        throw new Fault("ENERGY_DAY_CLOSED", `the day of ${startMs} is closed`, { startMs });
      }
    }
    this.#transact(() => {
      for (const row of rows) {
        const key = rowKey(this.#numberOf("source", row.source), row.startMs);
        const bytes = this.#table("rows").get(key);
        const there = bytes && readRow(row.source, row.startMs, bytes);
        this.#table("rows").put(key, writeRow(there ? this.#merge(there, row) : row));
      }
      for (const { source, bytes } of states) {
        invariant(bytes.length <= ENERGY_STATE_BYTES_MAX, "a source's state has its size");
        this.#table("states").put(u16(this.#numberOf("source", source)), bytes);
      }
    });
  }

  rows(source: string, fromMs: number, toMs: number): EnergyRow[] {
    const number = this.#known("source", source);
    if (number === undefined) return [];
    const found: EnergyRow[] = [];
    const limit = ENERGY_ROWS_MAX;
    const range = this.#table("rows").range(rowKey(number, fromMs), rowKey(number, toMs), {
      limit,
    });
    for (const { key, bytes } of range) {
      const row = readRow(source, startOf(key), bytes);
      if (row !== undefined) found.push(row);
    }
    return found;
  }

  state(source: string): Uint8Array | undefined {
    const number = this.#known("source", source);
    return number === undefined ? undefined : this.#table("states").get(u16(number));
  }

  identify(fromMs: number, identity: MeterIdentity): void {
    const newest = this.identities(identity.id).at(-1);
    if (newest !== undefined && JSON.stringify(newest.identity) === JSON.stringify(identity))
      return;
    // A clock that was set back must not make an older identity the newest.
    const since = newest === undefined ? fromMs : Math.max(fromMs, newest.fromMs + 1);
    this.#transact(() => {
      const key = joined(u16(this.#numberOf("source", identity.id)), u48(since));
      this.#table("identities").put(key, json(identity));
    });
  }

  identities(source: string): SourceSince[] {
    const number = this.#known("source", source);
    if (number === undefined) return [];
    const range = this.#table("identities").range(u16(number), u16(number + 1));
    return range.map(({ key, bytes }) => {
      return { fromMs: readU48(key, 2), identity: parsed<MeterIdentity>(bytes) };
    });
  }

  sources(): string[] {
    const prefix = text("source:");
    const range = this.#table("names").range(prefix, text("source;"));
    return range.map(({ key }) => new TextDecoder().decode(key.subarray(prefix.length)));
  }

  putUnit(energy: UnitEnergy): void {
    const unit = unitBytes(energy.unit);
    this.#transact(() => {
      this.#table("units").put(joined(unit, u48(energy.startMs)), json(energy));
      this.#table("unit-times").put(joined(u48(energy.startMs), unit), new Uint8Array(1));
    });
  }

  unit(unit: string): UnitEnergy[] {
    const id = unitBytes(unit);
    const range = this.#table("units").range(joined(id, u48(0)), joined(id, u48(TIME_MAX)));
    return range.map(({ bytes }) => parsed<UnitEnergy>(bytes));
  }

  units(fromMs: number, toMs: number, limit: number): UnitEnergy[] {
    const options = { reverse: true, limit };
    const times = this.#table("unit-times").range(u48(fromMs), u48(toMs), options);
    return times.flatMap(({ key }) => {
      const bytes = this.#table("units").get(joined(key.subarray(6), key.subarray(0, 6)));
      return bytes === undefined ? [] : [parsed<UnitEnergy>(bytes)];
    });
  }

  putSignals(rows: readonly SignalRow[]): void {
    if (rows.length === 0) return;
    this.#transact(() => {
      for (const row of rows) {
        const key = this.#signalKey(row.kind, this.#numberOf("zone", row.zone), row.startMs);
        const there = row.forecast ? this.#table("signals").get(key) : undefined;
        if (there !== undefined && !parsed<SignalRow>(there).forecast) continue;
        this.#table("signals").put(key, json(row));
      }
    });
  }

  signals(kind: SignalKind, zone: string, fromMs: number, toMs: number): SignalRow[] {
    const number = this.#known("zone", zone);
    if (number === undefined) return [];
    const start = this.#signalKey(kind, number, fromMs);
    const end = this.#signalKey(kind, number, toMs);
    const range = this.#table("signals").range(start, end, { limit: ENERGY_ROWS_MAX });
    return range.map(({ bytes }) => parsed<SignalRow>(bytes));
  }

  closeDay(closure: DayClosure): void {
    invariant(closure.dayMs % ENERGY_DAY_MS === 0, "a day begins at midnight");
    invariant(closure.kept.length <= ENERGY_DAY_KEPT_BYTES_MAX, "a closure has its size");
    const { kept, root, ...rest } = closure;
    const head = json({ ...rest, root: root === null ? null : Buffer.from(root).toString("hex") });
    this.#transact(() => {
      this.#table("days").put(dayKey(closure.dayMs), joined(u32(head.length), head, kept));
    });
  }

  day(dayMs: number): DayClosure | undefined {
    const bytes = this.#table("days").get(dayKey(dayMs));
    return bytes === undefined ? undefined : closureOf(bytes);
  }

  days(fromMs: number, toMs: number): DayClosure[] {
    const range = this.#table("days").range(dayKey(fromMs), dayKey(toMs));
    return range.map(({ bytes }) => closureOf(bytes));
  }

  prune(beforeMs: number): number {
    const before = Math.floor(beforeMs / ENERGY_DAY_MS) * ENERGY_DAY_MS;
    let gone = 0;
    for (const source of this.sources()) {
      const number = this.#numberOf("source", source);
      gone += this.#removeAll("rows", rowKey(number, 0), rowKey(number, before));
    }
    const times = this.#table("unit-times").range(u48(0), u48(before));
    this.#transact(() => {
      for (const { key } of times) {
        this.#table("units").remove(joined(key.subarray(6), key.subarray(0, 6)));
        this.#table("unit-times").remove(key);
      }
    });
    gone += times.length;
    const prefix = text("zone:");
    for (const { bytes } of this.#table("names").range(prefix, text("zone;"))) {
      const zone = readU16(bytes);
      for (const kind of SIGNAL_KINDS) {
        const start = this.#signalKey(kind, zone, 0);
        gone += this.#removeAll("signals", start, this.#signalKey(kind, zone, before));
      }
    }
    return gone;
  }

  close(): Promise<void> {
    return this.#tables.close();
  }

  #removeAll(name: "rows" | "signals", start: Uint8Array, end: Uint8Array): number {
    let gone = 0;
    for (;;) {
      const range = this.#table(name).range(start, end, { limit: PRUNE_KEYS });
      if (range.length === 0) return gone;
      this.#transact(() => {
        for (const { key } of range) this.#table(name).remove(key);
      });
      gone += range.length;
    }
  }

  #transact(change: () => void): void {
    try {
      this.#tables.transact(change);
    } catch (error) {
      // Numbers given within it are not on the disk.
      this.#numbers.clear();
      throw error;
    }
  }

  #table(name: EnergyTableName): EnergyTable {
    return this.#tables.table[name];
  }

  #signalKey(kind: SignalKind, zone: number, atMs: number): Uint8Array {
    return joined(Uint8Array.of(SIGNAL_KINDS.indexOf(kind)), u16(zone), u48(atMs));
  }

  #known(kind: "source" | "zone", name: string): number | undefined {
    const key = `${kind}:${name}`;
    const cached = this.#numbers.get(key);
    if (cached !== undefined) return cached;
    const bytes = this.#table("names").get(text(key));
    if (bytes === undefined) return undefined;
    this.#numbers.set(key, readU16(bytes));
    return readU16(bytes);
  }

  /** The number of a name, given when it is first met; only within a transaction. */
  #numberOf(kind: "source" | "zone", name: string): number {
    const known = this.#known(kind, name);
    if (known !== undefined) return known;
    const names = this.#table("names");
    const next = names.range(text(`${kind}:`), text(`${kind};`)).length;
    invariant(next < ENERGY_NAMES_MAX, "sources and zones are few");
    names.put(text(`${kind}:${name}`), u16(next));
    return next;
  }
}

const TIME_MAX = 2 ** 48 - 1;

function dayKey(dayMs: number): Uint8Array {
  return u32(Math.ceil(dayMs / ENERGY_DAY_MS));
}

function closureOf(bytes: Uint8Array): DayClosure {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const head = parsed<Omit<DayClosure, "root" | "kept"> & { root: string | null }>(
    bytes.subarray(4, 4 + length),
  );
  const root = head.root === null ? null : new Uint8Array(Buffer.from(head.root, "hex"));
  return { ...head, root, kept: bytes.slice(4 + length) };
}

function unitBytes(unit: string): Uint8Array {
  invariant(/^[0-9a-f]{64}$/.test(unit), "a unit has an id of 32 bytes");
  return new Uint8Array(Buffer.from(unit, "hex"));
}

function json(value: unknown): Uint8Array {
  return text(JSON.stringify(value));
}

function parsed<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Math.min(0xffff_ffff, Math.max(0, value)));
  return bytes;
}

function u48(value: number): Uint8Array {
  const bytes = new Uint8Array(6);
  new DataView(bytes.buffer).setUint16(0, Math.floor(clamped(value) / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, clamped(value) % 2 ** 32);
  return bytes;
}

function clamped(value: number): number {
  return Math.min(TIME_MAX, Math.max(0, Math.ceil(value)));
}

function readU16(bytes: Uint8Array): number {
  return bytes[0] * 256 + bytes[1];
}

function readU48(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}
