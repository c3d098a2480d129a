/**
 * Decides what was in the owner's store at a moment, by whose energy: rows are followed from the
 * begin of the month before on, with nothing inside then. Whatever a store gave later had gone in
 * later, or counts as the grid's; a store that is used at all has long turned over by then, and so
 * the answer at a moment is the same whoever asks, and asks only for two months of rows.
 */

import { EMPTY_STORE, mixedFlow } from "../../../energy/index.ts";
import type { StoreContent } from "../../../energy/index.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { EnergyRow } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";

/** Rows of days that ended so long ago are there; later ones may still grow. */
const SETTLED_MS = 2 * ENERGY_DAY_MS;

const MILLIJOULES_PER_WATT_HOUR = 3_600_000;

/** What is followed. */
export interface StoreSources {
  readonly identities: readonly MeterIdentity[];
  readonly rows: (source: string, fromMs: number, toMs: number) => readonly EnergyRow[];
}

/** Whether anything of the owner's stores energy. */
export function hasStore(identities: readonly MeterIdentity[]): boolean {
  return identities.some(({ role }) => role === "storage");
}

/** Wh that all stores hold when full; null as soon as one of them does not say. */
export function storeCapacityWh(identities: readonly MeterIdentity[]): number | null {
  let sum = 0;
  for (const { role, direction, capacityWattHours } of identities) {
    // Both ways of a store have a meter; what it holds counts once.
    if (role !== "storage" || direction === "to") continue;
    if (capacityWattHours === undefined) return null;
    sum += capacityWattHours;
  }
  return sum === 0 ? null : sum;
}

/** The same in millijoules. */
export function storeCapacity(identities: readonly MeterIdentity[]): number | null {
  const wattHours = storeCapacityWh(identities);
  return wattHours === null ? null : wattHours * MILLIJOULES_PER_WATT_HOUR;
}

/** The first moment of the month before (UTC). */
export function followedFrom(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1);
}

/** Follows the store; what days left behind that no longer change is kept. */
export class StoreContents {
  readonly #nowMs: () => number;
  readonly #kept = new Map<number, StoreContent>();
  /** What the kept ones were made with. */
  #basis = "";

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** What is inside at a moment, in millijoules. */
  at(sources: StoreSources, atMs: number): StoreContent {
    if (!hasStore(sources.identities)) return EMPTY_STORE;
    const capacity = storeCapacity(sources.identities);
    const beginMs = followedFrom(atMs);
    const isNow = beginMs === followedFrom(this.#nowMs());
    if (isNow) this.#forgetOthers(sources, beginMs, capacity);
    let fromMs = beginMs;
    let content = EMPTY_STORE;
    while (fromMs < atMs) {
      const toMs = Math.min(fromMs + ENERGY_DAY_MS, atMs);
      const kept = isNow ? this.#kept.get(toMs) : undefined;
      content = kept ?? followed(content, sources, { fromMs, toMs }, capacity);
      const isSettled = toMs % ENERGY_DAY_MS === 0 && toMs <= this.#nowMs() - SETTLED_MS;
      if (isNow && isSettled) this.#kept.set(toMs, content);
      fromMs = toMs;
    }
    return content;
  }

  #forgetOthers({ identities }: StoreSources, beginMs: number, capacity: number | null): void {
    const followedIds = identities
      .filter(({ role }) => role === "storage" || role === "generation")
      .map(({ id, role, direction = "" }) => `${id} ${role} ${direction}`);
    const basis = `${beginMs} ${capacity ?? ""} ${followedIds.join("\n")}`;
    if (basis === this.#basis) return;
    this.#basis = basis;
    this.#kept.clear();
  }
}

interface Flow {
  generated: number;
  charged: number;
  discharged: number;
}

/** The rows of a span, one after the other. */
function followed(
  before: StoreContent,
  { identities, rows }: StoreSources,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  capacity: number | null,
): StoreContent {
  const flows = new Map<number, Flow>();
  for (const { id, role, direction } of identities) {
    if (role !== "generation" && role !== "storage") continue;
    const way = role === "generation" ? "generated" : direction === "to" ? "charged" : "discharged";
    for (const { startMs, millijoules } of rows(id, fromMs, toMs)) {
      const flow = flows.get(startMs) ?? { generated: 0, charged: 0, discharged: 0 };
      flow[way] += millijoules;
      flows.set(startMs, flow);
    }
  }
  let content = before;
  const inOrder = [...flows].sort(([one], [other]) => one - other);
  for (const [, flow] of inOrder) ({ content } = mixedFlow(content, flow, capacity));
  return content;
}
