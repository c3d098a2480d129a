/**
 * Decides how a search of this node is answered: from what was answered before over the same index,
 * else from an accelerated collection, else from the committed index; and, where it is to be shown
 * to others, from the committed index with a receipt.
 */

import { decode, encode } from "../../codec/index.ts";
import { accept, Fault, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  certificateCodec,
  checkRequest,
  committedSearch,
  decodeStored,
  indexChangesOf,
  searchProof,
  searchReceiptCodec,
  verifySearchReceipt,
} from "../../ledger/index.ts";
import type {
  IndexView,
  ReceiptContext,
  SearchHit,
  SearchReceipt,
  SearchRequest,
} from "../../ledger/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import type { LedgerStore } from "../../ports/ledger-store.ts";
import type { CommitNews, Node } from "../types.ts";
import { Accelerator } from "./accelerator.ts";
import type { AcceleratorNeeds, AcceleratorOptions, HeldAs } from "./accelerator.ts";
import { HotAnswers } from "./hot-answers.ts";
import type { HotCounts } from "./hot-answers.ts";
import { HOT_ANSWERS_MAX } from "./limits.ts";
import { codesMaker } from "./product-codes.ts";

/** Bytes of a code where a graph would not fit: 8 times less than 128 numbers. */
const CODE_BYTES = 16;

/** Where an answer came from. */
export type AnsweredFrom = "graph" | "codes" | "committed";

/** An answer over the newest commit. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly from: AnsweredFrom;
}

/** An answer with what shows it to others. */
export interface ProvedSearch {
  readonly hits: readonly SearchHit[];
  /** Commit after which the index was so. */
  readonly commit: bigint;
  readonly indexRoot: Uint8Array;
  /** Lists that were read; fewer than asked for where the receipt would have been too long. */
  readonly probes: number;
  /** Bytes of the search receipt. */
  readonly receipt: Uint8Array;
}

/** Options of an accelerator, and how many answers are kept. */
export interface LedgerSearchOptions extends AcceleratorOptions {
  readonly hotAnswers?: number;
}

/** What searching works with. */
export interface LedgerSearchNeeds extends Pick<AcceleratorNeeds, "graphs" | "clock" | "log"> {
  readonly store: Pick<LedgerStore, "pageAt" | "commit">;
  readonly node: Pick<Node, "head" | "onCommit" | "record" | "outcome" | "prove" | "oldestState">;
  readonly context: ReceiptContext;
}

/** Searches of one node. */
export class LedgerSearch {
  readonly #needs: LedgerSearchNeeds;
  readonly #hasher: Hasher;
  readonly #accelerator: Accelerator;
  readonly #hot: HotAnswers<SearchAnswer>;
  readonly #leave: () => void;
  /** Of the index that the accelerator follows. */
  #root: Uint8Array;

  constructor(options: LedgerSearchOptions, needs: LedgerSearchNeeds) {
    this.#needs = needs;
    this.#hasher = needs.context.hasher;
    const { graphs, clock, log } = needs;
    const readEmbedding = (slot: number) => this.#embedding(BigInt(slot));
    const codes = codesMaker(CODE_BYTES);
    this.#accelerator = new Accelerator(options, { graphs, codes, readEmbedding, clock, log });
    this.#hot = new HotAnswers(options.hotAnswers ?? HOT_ANSWERS_MAX);
    this.#root = needs.node.head().indexRoot;
    this.#leave = needs.node.onCommit((news) => this.#follow(news));
  }

  /** How often an answer was kept already. */
  get hotCounts(): HotCounts {
    return this.#hot.counts;
  }

  /** How a collection is held. */
  heldAs(collection: string): HeldAs {
    return this.#accelerator.heldAs(collection);
  }

  /** Ends it; nothing is built any more. */
  stop(): void {
    this.#leave();
    this.#accelerator.stop();
  }

  /**
   * Answers over the newest commit.
   * @param exact  from the committed index alone: what `prove` would show
   * @rejects LEDGER_SEARCH_REQUEST, LEDGER_SEARCH_DIMENSION
   */
  search(request: SearchRequest, { exact = false } = {}): Outcome<SearchAnswer> {
    const checked = checkRequest(request);
    if (!checked.ok) return checked;
    const head = this.#needs.node.head();
    const view = this.#viewAt(head.number);
    if (exact) return committed(view, request);
    let refused: Outcome<SearchAnswer> | undefined;
    const answer = this.#hot.answer(head.indexRoot, request, () => {
      const found = this.#accelerator.search(view, request);
      const as = this.#accelerator.heldAs(request.collection);
      if (found !== undefined) return { hits: found, from: as === "codes" ? as : "graph" };
      const outcome = committed(view, request);
      if (outcome.ok) return outcome.value;
      refused = outcome;
      return undefined;
    });
    invariant(answer !== undefined || refused !== undefined, "a search is answered or refused");
    return answer === undefined ? (refused as Outcome<SearchAnswer>) : accept(answer);
  }

  /**
   * Answers over the newest index root that a commit names, with a receipt that was checked.
   * @param bytesMax  longest receipt that is wanted: fewer lists are read where it would be longer
   * @rejects LEDGER_SEARCH_REQUEST, LEDGER_SEARCH_DIMENSION, LEDGER_SEARCH_LARGE, NODE_STATE_EARLY
   */
  prove(request: SearchRequest, bytesMax: number): Outcome<ProvedSearch> {
    const { number } = this.#needs.node.head();
    if (number === 0n || number - 1n < BigInt(this.#needs.node.oldestState())) {
      return reject("NODE_STATE_EARLY", { commit: String(number) });
    }
    const view = this.#viewAt(number - 1n);
    for (let { probes } = request; ; probes = probes >> 1) {
      const proved = this.#prove(view, { ...request, probes });
      const isLarge = proved.ok
        ? proved.value.receipt.length > bytesMax
        : proved.rejection.code === "LEDGER_SEARCH_LARGE";
      if (!isLarge) return proved;
      if (probes > 1) continue;
      const bytes = proved.ok ? { bytes: proved.value.receipt.length } : proved.rejection.facts;
      return reject("LEDGER_SEARCH_LARGE", { ...bytes, probes });
    }
  }

  #prove(view: IndexView, request: SearchRequest): Outcome<ProvedSearch> {
    const { node, store, context } = this.#needs;
    const found = committedSearch(view, request);
    const proof = found.ok ? searchProof(view, request) : found;
    if (!found.ok || !proof.ok) return proof as Outcome<never>;
    const { number, firstSlot } = node.head();
    const commit = node.record(firstSlot);
    const place = node.prove(firstSlot);
    const certificate = decode(
      certificateCodec,
      store.commit(Number(number))?.certificate ?? EMPTY,
    );
    invariant(commit.ok && place.ok, "the newest commit is stored");
    if (!certificate.ok) throw this.#damaged("certificate");
    const receipt: SearchReceipt = {
      proof: proof.value,
      commit: commit.value,
      commitProof: place.value.path,
      certificate: certificate.value,
      records: found.value.flatMap(({ slot }) => this.#recordOf(slot)),
    };
    const checked = verifySearchReceipt(receipt, request, context);
    if (!checked.ok) throw this.#damaged(checked.rejection.code);
    return accept({
      hits: checked.value.hits.map(({ slot, distance }) => ({ slot, distance })),
      commit: checked.value.commit,
      indexRoot: checked.value.indexRoot,
      probes: request.probes,
      receipt: encode(searchReceiptCodec, receipt),
    });
  }

  /** A hit's record and its path; nothing where its payload was pruned. */
  #recordOf(slot: bigint): SearchReceipt["records"][number][] {
    const stored = this.#needs.node.record(slot);
    const place = this.#needs.node.prove(slot);
    if (!stored.ok || !place.ok) return [];
    return [{ slot, stored: stored.value, path: [...place.value.path] }];
  }

  #damaged(because: string): Fault {
    return new Fault("STORE_DAMAGED", "the index is not the one that was certified", { because });
  }

  #viewAt(commit: bigint): IndexView {
    const { store } = this.#needs;
    const at = Number(commit);
    return { hasher: this.#hasher, readPage: (key) => store.pageAt(at, key) };
  }

  /** Takes over what a commit changed in the index, where it changed it. */
  #follow({ firstSlot }: CommitNews): void {
    const { node } = this.#needs;
    const { indexRoot, size } = node.head();
    if (bytesEqual(indexRoot, this.#root)) return;
    this.#root = indexRoot;
    const applied = [];
    for (let slot = firstSlot + 1n; slot < size; slot += 1n) {
      const stored = node.record(slot);
      const read = stored.ok ? decodeStored(stored.value) : stored;
      const outcome = node.outcome(slot);
      invariant(read.ok && outcome.ok, "what a commit stored can be read");
      applied.push({ slot, record: read.value.record, outcome: outcome.value });
    }
    this.#accelerator.follow({ hasher: this.#hasher }, indexChangesOf(applied));
  }

  #embedding(slot: bigint): Int8Array | undefined {
    const stored = this.#needs.node.record(slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    if (!read.ok || read.value.record.payload.kind !== "publish") return undefined;
    const { embedding } = read.value.record.payload;
    return new Int8Array(embedding.buffer, embedding.byteOffset, embedding.length);
  }
}

const EMPTY = new Uint8Array(0);

function committed(view: IndexView, request: SearchRequest): Outcome<SearchAnswer> {
  const hits = committedSearch(view, request);
  return hits.ok ? accept({ hits: hits.value, from: "committed" }) : hits;
}
