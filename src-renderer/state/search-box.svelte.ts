/**
 * Decides what the search box asks and shows: publications near to words, and after "Verify here"
 * the answer as it was computed in this page, whatever the daemon had said.
 */

import type { SearchAnswered } from "../../src-main/contract/control-api/search.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import type { PublishedKind } from "../../src-main/contract/word-collections.ts";
import type { CheckedSearch, ProvedPublication } from "./check-search.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Publications shown at once. */
const LIMIT = 20;

/** Lists that are read of each collection; the daemon's own default. */
const PROBES = 8;

/** What was asked and what came. */
export interface FoundHere extends SearchAnswered {
  readonly text: string;
  readonly what: PublishedKind | null;
}

/** All collections as they were computed here. */
export interface ProvedSearch {
  readonly hits: readonly ProvedPublication[];
  /** The oldest of the commits after which an index was so, and when it was named. */
  readonly commit: number;
  readonly namedMs: number;
  readonly bytes: number;
  readonly tookMs: number;
  /** Whether the daemon had answered the same slots in the same order. */
  readonly agrees: boolean;
}

/** One search box; it keeps what was found while other screens are looked at. */
export class SearchBox {
  text = $state("");
  kind = $state<PublishedKind | "any">("any");
  busy = $state(false);
  verifying = $state(false);
  readonly found = new Loader<FoundHere>();
  readonly proved = new Loader<ProvedSearch>();
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Searches for what was typed; nothing typed finds nothing. */
  async search(): Promise<void> {
    const text = this.text.trim();
    if (text === "" || this.busy) return;
    const what = this.kind === "any" ? null : this.kind;
    this.busy = true;
    this.proved.clear();
    await this.found.load(async () => {
      const asked = { text, limit: LIMIT, ...(what === null ? {} : { what }) };
      const answer = await this.#daemon.call("ledger.search", asked);
      return answer.ok ? accept({ ...answer.value, text, what }) : answer;
    });
    this.busy = false;
  }

  /** Fetches a receipt of each collection and computes the answer again from them. */
  async verify(): Promise<void> {
    const found = this.found.value;
    if (found === null || this.verifying) return;
    this.verifying = true;
    await this.proved.load(async () => {
      const { checkSearch } = await import("./check-search.ts");
      const began = performance.now();
      const genesis = await this.#daemon.call("ledger.genesis", {});
      if (!genesis.ok) return genesis;
      const known = { bytes: genesis.value.bytes, name: this.#daemon.status?.genesis ?? "" };
      const checked: CheckedSearch[] = [];
      for (const { collection } of found.collections) {
        const { text, what } = found;
        const asked = { text, collection, limit: LIMIT, ...(what === null ? {} : { what }) };
        const sent = await this.#daemon.call("ledger.search-proof", { ...asked, probes: PROBES });
        if (!sent.ok) return sent;
        const probes = Math.min(PROBES, Math.max(1, sent.value.probes));
        const question = { text, what, collection, limit: LIMIT, probes };
        const one = checkSearch(question, sent.value.receipt, known);
        if (!one.ok) return one;
        checked.push(one.value);
      }
      return accept(together(found, checked, performance.now() - began));
    });
    this.verifying = false;
  }
}

function together(
  found: FoundHere,
  checked: readonly CheckedSearch[],
  tookMs: number,
): ProvedSearch {
  const hits = checked
    .flatMap((one) => one.hits)
    .sort((one, other) => one.distance - other.distance || one.slot - other.slot)
    .slice(0, LIMIT);
  const agrees =
    hits.length === found.hits.length && hits.every(({ slot }, at) => slot === found.hits[at].slot);
  return {
    hits,
    commit: Math.min(...checked.map(({ commit }) => commit)),
    namedMs: Math.min(...checked.map(({ namedMs }) => namedMs)),
    bytes: checked.reduce((sum, { bytes }) => sum + bytes, 0),
    tookMs,
    agrees,
  };
}

const boxes = new WeakMap<Daemon, SearchBox>();

/** The search box of a page. */
export function searchBoxOf(daemon: Daemon): SearchBox {
  const held = boxes.get(daemon) ?? new SearchBox(daemon);
  boxes.set(daemon, held);
  return held;
}
