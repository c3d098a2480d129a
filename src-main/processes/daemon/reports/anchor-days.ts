/**
 * Decides when a day's root goes to the ledger: once the day is over for a while, so that its last
 * rows are there; days in order; each once. What the ledger holds is asked before anything is sent,
 * so a crash between sending and noting it sends nothing twice.
 */

import { bytesEqual } from "../../../contract/bytes.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import { reject } from "../../../contract/outcome.ts";
import type { Hasher } from "../../../crypto/index.ts";
import type { KeyStatement } from "../../../contract/energy-report.ts";
import { dayLeaves, dayRoot } from "../../../energy/report/index.ts";
import type { DayLeaves, TreeRow } from "../../../energy/report/index.ts";
import type { Payload } from "../../../ledger/index.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { DayClosure, EnergyStore } from "../../../ports/energy-store.ts";

/** After midnight: the last row of a day is written within minutes of its end. */
export const ANCHOR_DELAY_MS = 900_000;

/** Days looked at in one go; a machine that was away for long goes on at the next. */
const DAYS_AT_ONCE = 64;

/** The store's part that anchoring needs. */
export type AnchorStore = Pick<
  EnergyStore,
  "sources" | "identities" | "rows" | "day" | "days" | "closeDay"
>;

/** What anchoring needs. */
export interface AnchorNeeds {
  readonly hasher: Hasher;
  readonly store: AnchorStore;
  readonly nowMs: () => number;
  readonly statement: KeyStatement;
  /** Secret of a day's salts; the day counts from 1970. */
  readonly secretOf: (day: number) => Uint8Array;
  /** The newest root that the ledger has of this account. */
  readonly anchored: () =>
    { readonly day: number; readonly root: Uint8Array; readonly slot: bigint } | undefined;
  /** Signs and sends; answers once it is final. */
  readonly send: (
    payload: Payload,
  ) => Promise<Outcome<{ readonly slot: bigint; readonly code: string }>>;
}

/** Rows of a day with what their sources were; none for a day nobody measured. */
export function rowsOfDay(store: AnchorStore, dayMs: number): TreeRow[] {
  return store.sources().flatMap((source) => {
    const identities = store.identities(source);
    return store.rows(source, dayMs, dayMs + ENERGY_DAY_MS).flatMap((row) => {
      const since = identities.findLast(({ fromMs }) => fromMs <= row.startMs) ?? identities[0];
      if (since === undefined || since.identity.role === "grid") return [];
      return [{ row, role: since.identity.role, tier: since.identity.tier }];
    });
  });
}

/** A closed day's leaves, and the statement of the key that it was closed under. */
export interface ClosedLeaves {
  readonly leaves: DayLeaves;
  readonly statement: KeyStatement;
}

/**
 * The leaves of a closed day: its closure keeps the secret of its salts and the public part of its
 * key, so that a worker's key may change. Undefined where they do not make the day's root, as of a
 * day that an earlier version closed under another key.
 * @param statement  of the key of now, for closures that keep none
 */
export function leavesOf(
  hasher: Hasher,
  store: AnchorStore,
  statement: KeyStatement,
  { dayMs, kept, key, root }: DayClosure,
): ClosedLeaves | undefined {
  const own = key === undefined ? statement : { ...statement, ...key };
  const leaves = dayLeaves(hasher, own, kept, rowsOfDay(store, dayMs));
  const isSame = root !== null && bytesEqual(dayRoot(hasher, leaves), root);
  return isSame ? { leaves, statement: own } : undefined;
}

/** Anchors what is due; one at a time. */
export class DayAnchors {
  readonly #needs: AnchorNeeds;
  #running: Promise<void> | null = null;
  #waiting: { readonly code: string } | null = null;
  /** Days before are done or without rows. */
  #fromMs: number | null = null;

  constructor(needs: AnchorNeeds) {
    this.#needs = needs;
  }

  /** Why the next day is not anchored; null where nothing is wrong. */
  get waiting(): { readonly code: string } | null {
    return this.#waiting;
  }

  /** Closes and anchors every day that is due. */
  run(): Promise<void> {
    this.#running ??= this.#work().finally(() => (this.#running = null));
    return this.#running;
  }

  async #work(): Promise<void> {
    const { nowMs } = this.#needs;
    const untilMs = Math.floor((nowMs() - ANCHOR_DELAY_MS) / ENERGY_DAY_MS) * ENERGY_DAY_MS;
    let dayMs = this.#fromMs ?? this.#firstDay();
    for (let count = 0; dayMs < untilMs && count < DAYS_AT_ONCE; count += 1) {
      const done = await this.#one(dayMs);
      if (!done.ok) {
        this.#waiting = { code: done.rejection.code };
        return;
      }
      dayMs += ENERGY_DAY_MS;
      this.#fromMs = dayMs;
    }
    this.#waiting = null;
  }

  /** The first day that may have rows and is not known to be anchored. */
  #firstDay(): number {
    const { store } = this.#needs;
    const begins = store
      .sources()
      .flatMap((source) => store.identities(source).map(({ fromMs }) => fromMs));
    if (begins.length === 0) return Number.MAX_SAFE_INTEGER;
    const firstMs = Math.floor(Math.min(...begins) / ENERGY_DAY_MS) * ENERGY_DAY_MS;
    const anchored = store
      .days(firstMs, Number.MAX_SAFE_INTEGER)
      .filter(({ anchorSlot }) => anchorSlot !== null);
    const last = anchored.at(-1);
    return last === undefined ? firstMs : last.dayMs + ENERGY_DAY_MS;
  }

  async #one(dayMs: number): Promise<Outcome<void>> {
    const { store, anchored, send } = this.#needs;
    const closed = this.#closed(dayMs);
    if (closed === null || closed.root === null || closed.anchorSlot !== null) return DONE;
    const day = dayMs / ENERGY_DAY_MS;
    const held = anchored();
    if (held !== undefined && held.day === day && bytesEqual(held.root, closed.root)) {
      store.closeDay({ ...closed, anchorSlot: Number(held.slot) });
      return DONE;
    }
    // Days only ascend: what was passed over stays without an anchor, and its closure says so.
    if (held !== undefined && held.day >= day) return DONE;
    const sent = await send({ kind: "energy-anchor", day, root: closed.root, rows: closed.rows });
    if (!sent.ok) return sent;
    if (sent.value.code !== "") return reject(sent.value.code);
    store.closeDay({ ...closed, anchorSlot: Number(sent.value.slot) });
    return DONE;
  }

  /** Whether a closure stands: it is anchored, or by the key that would anchor it now. */
  #isDone(held: DayClosure): boolean {
    const { hasher, store, statement } = this.#needs;
    if (held.anchorSlot !== null) return true;
    if (held.key !== undefined) return held.key.kid === statement.kid;
    return leavesOf(hasher, store, statement, held) !== undefined;
  }

  /** The day's closure, made where there is none; null for a day without rows. */
  #closed(dayMs: number): DayClosure | null {
    const { hasher, store, statement, secretOf, nowMs } = this.#needs;
    const held = store.day(dayMs);
    if (held !== undefined && held.root !== null && this.#isDone(held)) return held;
    const rows = rowsOfDay(store, dayMs);
    if (rows.length === 0) return null;
    const kept = secretOf(dayMs / ENERGY_DAY_MS);
    const root = dayRoot(hasher, dayLeaves(hasher, statement, kept, rows));
    const closedMs = held?.closedMs ?? nowMs();
    const { kid, account } = statement;
    const key = { kid, account };
    const closure = { dayMs, closedMs, rows: rows.length, root, anchorSlot: null, kept, key };
    store.closeDay(closure);
    return closure;
  }
}

const DONE: Outcome<void> = { ok: true, value: undefined };
