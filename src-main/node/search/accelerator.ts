/**
 * Decides which collections are read faster, and that they stay what the index is: made in the
 * background from the pages of one commit, then changed with each commit. Now and then an answer is
 * compared with the committed one; a structure that misses too much of it is not used again.
 */

import { Fault } from "../../contract/outcome.ts";
import { collectionOf, committedSearch, tagNumber } from "../../ledger/index/index.ts";
import type {
  Collection,
  IndexChange,
  IndexView,
  SearchHit,
  SearchRequest,
} from "../../ledger/index/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { NearestIndexMaker } from "../../ports/nearest-index.ts";
import type { AcceleratedCollection, ReadEmbedding } from "./accelerated-collection.ts";
import { buildCollection } from "./build-collection.ts";
import type { CollectionPlan } from "./build-collection.ts";
import {
  ACCELERATED_COLLECTIONS_MAX,
  ACCELERATED_ENTRIES_MIN,
  ACCELERATOR_BYTES_MAX,
  BUILD_MS_MAX,
  COMPARED_EVERY,
  COMPARISONS_KEPT,
  MISSING_MAX,
  ROW_BYTES,
  WAITING_CHANGES_MAX,
} from "./limits.ts";

/** What is accelerated; the limits unless a test or a small machine says otherwise. */
export interface AcceleratorOptions {
  readonly entriesMin?: number;
  readonly bytesMax?: number;
  readonly comparedEvery?: number;
}

/** What it works with. */
export interface AcceleratorNeeds {
  /** Graphs over whole embeddings; absent where none loads here. */
  readonly graphs: NearestIndexMaker | undefined;
  /** Smaller ones, for collections whose graph would not fit into memory. */
  readonly codes: NearestIndexMaker;
  /** The embedding of a publication, from the log. */
  readonly readEmbedding: ReadEmbedding;
  readonly clock: Clock;
  readonly log: Log;
}

/** How a collection is held: in a graph, as codes, or not faster at all. */
export type HeldAs = "graph" | "codes" | "building" | "committed";

interface Held {
  readonly as: "graph" | "codes";
  readonly bytes: number;
  /** Absent while it is built. */
  collection: AcceleratedCollection | undefined;
  /** Changes since the commit it is built from. */
  waiting: IndexChange[];
  answers: number;
  /** Parts of the committed hits that were missing, newest last. */
  readonly missing: number[];
}

/** The accelerated collections of a ledger. */
export class Accelerator {
  readonly #entriesMin: number;
  readonly #bytesMax: number;
  readonly #comparedEvery: number;
  readonly #needs: AcceleratorNeeds;
  /** By name; the one searched last comes last. */
  readonly #held = new Map<string, Held>();
  /** Names of those that missed too much. */
  readonly #unfit = new Set<string>();
  #stopped = false;

  constructor(options: AcceleratorOptions, needs: AcceleratorNeeds) {
    this.#entriesMin = options.entriesMin ?? ACCELERATED_ENTRIES_MIN;
    this.#bytesMax = options.bytesMax ?? ACCELERATOR_BYTES_MAX;
    this.#comparedEvery = options.comparedEvery ?? COMPARED_EVERY;
    this.#needs = needs;
  }

  /** How a collection is held now. */
  heldAs(name: string): HeldAs {
    const held = this.#held.get(name);
    if (held === undefined) return "committed";
    return held.collection === undefined ? "building" : held.as;
  }

  /** Ends what is built in the background. */
  stop(): void {
    this.#stopped = true;
    this.#held.clear();
  }

  /**
   * The nearest entries as far as the structure finds them, measured exactly; undefined where the
   * committed search is to answer. Begins to build a collection that is worth it.
   * @param view  of the newest commit, which `follow` was told of
   */
  search(view: IndexView, request: SearchRequest): readonly SearchHit[] | undefined {
    const { collection: name, query, k } = request;
    const held = this.#held.get(name);
    if (held === undefined) {
      this.#begin(view, name);
      return undefined;
    }
    this.#held.delete(name);
    this.#held.set(name, held);
    const { collection } = held;
    if (collection === undefined || collection.dimension !== query.length) return undefined;
    const found = collection.search(view.hasher, request);
    const isCompared = held.answers % this.#comparedEvery === 0;
    held.answers += 1;
    if (found === undefined || !isCompared) return found;
    const committed = committedSearch(view, request);
    if (!committed.ok) return undefined;
    this.#judge(name, held, found, committed.value);
    return union(found, committed.value).slice(0, k);
  }

  /** Takes over what a commit changed, in slot order. */
  follow(view: Pick<IndexView, "hasher">, changes: readonly IndexChange[]): void {
    for (const [name, held] of this.#held) {
      if (held.collection !== undefined) {
        applyChanges(view, name, held.collection, changes);
        continue;
      }
      held.waiting.push(...changes);
      if (held.waiting.length > WAITING_CHANGES_MAX) this.#held.delete(name);
    }
  }

  #begin(view: IndexView, name: string): void {
    if (this.#stopped || this.#unfit.has(name)) return;
    const row = collectionOf(view, name);
    if (row === undefined || Number(row.live) < this.#entriesMin) return;
    const plan = this.#plan(name, row);
    if (plan === undefined) return;
    const { as, bytes } = plan;
    const held: Held = { as, bytes, collection: undefined, waiting: [], answers: 0, missing: [] };
    this.#held.set(name, held);
    const beganMs = this.#needs.clock.nowMs();
    this.#goOn(name, held, buildCollection(view, plan), { view, beganMs });
  }

  /** A graph where it fits beside what is held; else codes; else nothing. */
  #plan(name: string, row: Collection): (CollectionPlan & Pick<Held, "as" | "bytes">) | undefined {
    const { graphs, codes, readEmbedding } = this.#needs;
    // Where no graph loads, codes would measure less well than the committed search for no gain.
    if (graphs === undefined) return undefined;
    if (this.#held.size >= ACCELERATED_COLLECTIONS_MAX) this.#dropOldest();
    const { dimension, live } = row;
    // Room to grow until the next build of the committed lists.
    const graphBytes = 2 * Number(live) * (graphs.bytesPerEntry(dimension) + dimension + ROW_BYTES);
    const codeBytes = 2 * Number(live) * (codes.bytesPerEntry(dimension) + ROW_BYTES);
    if (this.#makeRoom(graphBytes)) {
      return { name, row, maker: graphs, readEmbedding: undefined, as: "graph", bytes: graphBytes };
    }
    if (!this.#makeRoom(codeBytes)) return undefined;
    return { name, row, maker: codes, readEmbedding, as: "codes", bytes: codeBytes };
  }

  /** Drops what was not searched for longest until so many bytes fit. */
  #makeRoom(bytes: number): boolean {
    if (bytes > this.#bytesMax) return false;
    const used = () => [...this.#held.values()].reduce((sum, held) => sum + held.bytes, 0);
    while (used() + bytes > this.#bytesMax) this.#dropOldest();
    return true;
  }

  #dropOldest(): void {
    for (const oldest of this.#held.keys()) {
      this.#held.delete(oldest);
      return;
    }
  }

  /** One step of a build, then everything else that waits, then the next. */
  #goOn(
    name: string,
    held: Held,
    build: Generator<undefined, AcceleratedCollection>,
    began: { readonly view: IndexView; readonly beganMs: number },
  ): void {
    const { clock, log } = this.#needs;
    clock.after(0, () => {
      if (this.#stopped || this.#held.get(name) !== held) return;
      const tookMs = clock.nowMs() - began.beganMs;
      try {
        if (tookMs > BUILD_MS_MAX) throw new Fault("SEARCH_ACCELERATOR_SLOW", `${tookMs} ms`);
        const step = build.next();
        if (step.done !== true) {
          this.#goOn(name, held, build, began);
          return;
        }
        applyChanges(began.view, name, step.value, held.waiting);
        held.waiting = [];
        held.collection = step.value;
        const facts = { collection: name, entries: step.value.entries, as: held.as, tookMs };
        log.info("a collection is read faster from now on", facts);
      } catch (error) {
        this.#held.delete(name);
        const code = error instanceof Fault ? error.code : "SEARCH_ACCELERATOR_FAILED";
        // Commits came faster than the build went on: the next search begins it again.
        if (code !== "STORE_PRUNED") this.#unfit.add(name);
        log.warn("a collection could not be made faster", {
          code,
          collection: name,
          reason: String(error),
        });
      }
    });
  }

  #judge(
    name: string,
    held: Held,
    found: readonly SearchHit[],
    committed: readonly SearchHit[],
  ): void {
    const slots = new Set(found.map(({ slot }) => slot));
    // What is no nearer than the farthest found was crowded out rightly, not missed.
    const farthest = found.at(-1)?.distance ?? -1;
    const missed = committed.filter(({ slot, distance }) => {
      return !slots.has(slot) && distance < farthest;
    });
    held.missing.push(committed.length === 0 ? 0 : missed.length / committed.length);
    if (held.missing.length > COMPARISONS_KEPT) held.missing.shift();
    const mean = held.missing.reduce((sum, part) => sum + part, 0) / held.missing.length;
    if (mean <= MISSING_MAX) return;
    this.#held.delete(name);
    this.#unfit.add(name);
    this.#needs.log.warn("a collection is no longer read faster", {
      code: "SEARCH_ACCELERATOR_MISSES",
      collection: name,
      missing: Number(mean.toFixed(3)),
    });
  }
}

/** Both answers as one, by (distance, slot). */
function union(left: readonly SearchHit[], right: readonly SearchHit[]): SearchHit[] {
  const slots = new Set(left.map(({ slot }) => slot));
  const hits = [...left, ...right.filter(({ slot }) => !slots.has(slot))];
  return hits.sort((one, other) => {
    if (one.distance !== other.distance) return one.distance - other.distance;
    return one.slot < other.slot ? -1 : 1;
  });
}

function applyChanges(
  { hasher }: Pick<IndexView, "hasher">,
  name: string,
  collection: AcceleratedCollection,
  changes: readonly IndexChange[],
): void {
  for (const change of changes) {
    if (change.kind === "retract") {
      collection.remove(change.target);
      continue;
    }
    if (change.collection !== name) continue;
    const tags = change.tags.map((tag) => tagNumber(hasher, tag));
    const { slot, what, embedding } = change;
    collection.add([{ slot, what, tags, embedding }]);
  }
}
