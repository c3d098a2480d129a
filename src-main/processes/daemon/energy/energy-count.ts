/**
 * Decides how readings of all meters are counted and kept: each source by itself, written together
 * when a row of any has ended. What could not be written waits for the next time.
 */

import {
  EnergyTrack,
  SourceIntegration,
  UNKNOWN_SITE_WATTS,
  mergedRow,
} from "../../../energy/index.ts";
import type { TrackPoint } from "../../../energy/index.ts";
import { NAMEPLATE_SHARE } from "../../../energy/report/limits.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type {
  ClockState,
  EnergyRow,
  EnergyStore,
  SourceState,
} from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import type { Meter, MeterIdentity, MeterReading } from "../../../ports/meter.ts";

/** Rows that wait for a disk: two days of ten sources; older ones go. */
const WAITING_ROWS_MAX = 5_760;

/** What is counted with. */
export interface CountNeeds {
  readonly store: EnergyStore;
  readonly log: Log;
  readonly nowMs: () => number;
  /** A clock that only runs, suspended time included. */
  readonly runningMs: () => number;
  readonly clock: () => ClockState;
}

interface Source {
  readonly integration: SourceIntegration;
  readonly track: EnergyTrack;
  identity: MeterIdentity;
  millijoules: number;
  measuredMs: number;
}

/** Counts every source. */
export class EnergyCount {
  readonly #needs: CountNeeds;
  readonly #sources = new Map<string, Source>();
  #waiting: EnergyRow[] = [];
  #states = new Map<string, SourceState>();
  #refused = "";
  #prunedDay = 0;

  constructor(needs: CountNeeds) {
    this.#needs = needs;
  }

  /** Sources that were opened since the daemon started, by id. */
  identities(): MeterIdentity[] {
    return [...this.#sources.values()].map(({ identity }) => identity);
  }

  /** Begins to count a meter where it was left. */
  open({ identity, readEveryMs }: Meter): void {
    if (this.#sources.has(identity.id)) return;
    const mostWatts = mostWattsOf(identity);
    const modelled = identity.tier === "D" || identity.tier === "E";
    const settings = { source: identity.id, readEveryMs, mostWatts, modelled };
    const integration = new SourceIntegration(settings, this.#savedState(identity.id));
    const track = new EnergyTrack();
    this.#sources.set(identity.id, { integration, track, identity, millijoules: 0, measuredMs: 0 });
    this.#identify(identity);
  }

  take(meter: Meter, reading: MeterReading): void {
    const source = this.#sources.get(meter.identity.id);
    if (source === undefined) return;
    if (source.identity !== meter.identity) {
      source.identity = meter.identity;
      this.#identify(meter.identity);
    }
    const { nowMs, runningMs, clock } = this.#needs;
    const before = sums(source.integration.seen());
    const moment = { nowMs: nowMs(), runningMs: runningMs(), clock: clock() };
    const became = source.integration.take({ reading, ...moment });
    const after = sums(source.integration.seen());
    source.millijoules += after.millijoules - before.millijoules;
    source.measuredMs += after.measuredMs - before.measuredMs;
    const added = after.millijoules - before.millijoules;
    // What was not taken says nothing of its time, which may be one that never was.
    if (became !== "refused" && became !== "unchanged") {
      source.track.add(reading.atMs, added, after.measuredMs - before.measuredMs);
    }
    if (source.integration.isDue()) this.write();
  }

  /** Writes what every source has counted so far. */
  write(): void {
    const { store, log, nowMs } = this.#needs;
    for (const [id, { integration }] of this.#sources) {
      const { rows, state } = integration.write();
      this.#waiting.push(...rows);
      this.#states.set(id, { source: id, bytes: state });
    }
    const above = this.#waiting.length - WAITING_ROWS_MAX;
    if (above > 0) this.#waiting.splice(0, above);
    try {
      const openMs = this.#openFrom(nowMs());
      const rows = this.#waiting.map((row) => (row.startMs < openMs ? late(row, openMs) : row));
      store.write({ rows, states: [...this.#states.values()] });
      this.#waiting = [];
      this.#states = new Map();
      this.#refused = "";
    } catch (error) {
      const code = (error as { readonly code?: string }).code ?? "STORE_FAILED";
      if (code !== this.#refused) log.warn("energy is not kept for now", { code });
      this.#refused = code;
    }
  }

  /** Rows of a source in a span: what is kept and what waits. */
  rows(source: string, fromMs: number, toMs: number): EnergyRow[] {
    const rows = new Map<number, EnergyRow>();
    const kept = this.#needs.store.rows(source, fromMs, toMs);
    const open = this.#sources.get(source)?.integration.seen() ?? [];
    const waiting = this.#waiting.filter((row) => row.source === source);
    for (const row of [...kept, ...waiting, ...open]) {
      if (row.startMs < fromMs || row.startMs >= toMs) continue;
      const there = rows.get(row.startMs);
      rows.set(row.startMs, there === undefined ? row : mergedRow(there, row));
    }
    return [...rows.values()].sort((one, other) => one.startMs - other.startMs);
  }

  /** A source's sum at a moment since the daemon started; null where it is not known. */
  sumAt(source: string, atMs: number): TrackPoint | null {
    return this.#sources.get(source)?.track.at(atMs) ?? null;
  }

  newest(source: string): TrackPoint | null {
    return this.#sources.get(source)?.track.newest() ?? null;
  }

  /** Energy counted since the daemon started, by source. */
  counted(): { readonly identity: MeterIdentity; readonly millijoules: number }[] {
    return [...this.#sources.values()].map(({ identity, millijoules }) => {
      return { identity, millijoules };
    });
  }

  /** Drops rows older than so many days, once a day. */
  prune(days: number): void {
    const { store, nowMs, log } = this.#needs;
    const day = Math.floor(nowMs() / ENERGY_DAY_MS);
    if (day === this.#prunedDay) return;
    this.#prunedDay = day;
    try {
      store.prune((day - days) * ENERGY_DAY_MS);
    } catch (error) {
      const { code = "STORE_FAILED" } = error as { readonly code?: string };
      log.warn("old energy rows were not dropped", { code });
    }
  }

  /** The end of the newest closed day; days are closed in order, at most some before today. */
  #openFrom(nowMs: number): number {
    const today = Math.floor(nowMs / ENERGY_DAY_MS) * ENERGY_DAY_MS;
    const last = this.#needs.store.days(today - 40 * ENERGY_DAY_MS, today + ENERGY_DAY_MS).at(-1);
    return last === undefined ? 0 : last.dayMs + ENERGY_DAY_MS;
  }

  #savedState(id: string): Uint8Array | undefined {
    try {
      return this.#needs.store.state(id);
    } catch {
      return undefined;
    }
  }

  #identify(identity: MeterIdentity): void {
    const { store, nowMs, log } = this.#needs;
    try {
      store.identify(nowMs(), identity);
    } catch (error) {
      const { code = "STORE_FAILED" } = error as { readonly code?: string };
      log.warn("who measures was not kept", { source: identity.id, code });
    }
  }
}

/** A row of a closed day goes into the first open one, which it says nothing measured of. */
function late(row: EnergyRow, startMs: number): EnergyRow {
  return { ...row, startMs, measuredMs: 0, quality: "gap-filled", registerEndMillijoules: null };
}

/** What counting believes is what a check of the report does; null: the bound of any source. */
function mostWattsOf({ nameplateWatts, boundary }: MeterIdentity): number | null {
  if (nameplateWatts !== undefined) return nameplateWatts * NAMEPLATE_SHARE;
  return boundary === "site-meter" ? UNKNOWN_SITE_WATTS : null;
}

function sums(rows: readonly EnergyRow[]): { millijoules: number; measuredMs: number } {
  let [millijoules, measuredMs] = [0, 0];
  for (const row of rows) {
    millijoules += row.millijoules;
    measuredMs += row.measuredMs;
  }
  return { millijoules, measuredMs };
}
