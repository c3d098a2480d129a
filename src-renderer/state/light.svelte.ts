/**
 * Decides which commit this page trusts, and when it moves on: it begins with the genesis document
 * the page was opened with, is kept for the tab, and follows the ledger while somebody looks.
 */

import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { TrustedView } from "../../src-main/ledger/light/index.ts";
import type { Answer, Refusal } from "../bridge/daemon-link.ts";
import { keptTrust } from "../bridge/session.ts";
import type { Daemon } from "./daemon.svelte.ts";
import {
  followUpdates,
  keepTrust,
  keptTrustOf,
  needsOpening,
  trustDocument,
  trustOpening,
} from "./light-trust.ts";
import type { Trust } from "./light-trust.ts";

const KEPT = "vivian.light";

/** Least time between two moves that nobody waits for: commits come faster than anyone reads. */
const FOLLOW_INTERVAL_MS = 5_000;

/** Answers asked for in a row: each leads on by weeks. */
const ROUNDS_MAX = 4;

/** The light client of this page. */
export class Light {
  trust = $state.raw<Trust | null>(null);
  /** Why nothing can be verified here now. */
  failure = $state.raw<Refusal | null>(null);
  readonly #daemon: Daemon;
  #genesis: TrustedView | null = null;
  #moving: Promise<Answer<TrustedView>> | null = null;
  #movedMs = 0;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Moves on while somebody looks, seldom. */
  follow(): void {
    const isDue = Date.now() - this.#movedMs >= FOLLOW_INTERVAL_MS;
    if (this.trust !== null && this.failure === null && isDue) void this.advance();
  }

  /**
   * What is trusted once it covers a slot, as far as the ledger does.
   * @rejects why nothing is trusted
   */
  async covering(slot: number): Promise<Answer<TrustedView>> {
    const { trust } = this;
    // Its outcome is named by a later commit than its own.
    const covers = trust !== null && BigInt(slot) < trust.view.firstSlot;
    return covers && this.failure === null ? accept(trust.view) : this.advance();
  }

  /** Moves to the newest commit. @rejects why nothing is trusted */
  async advance(): Promise<Answer<TrustedView>> {
    this.#moving ??= this.#advance().finally(() => (this.#moving = null));
    return this.#moving;
  }

  async #advance(): Promise<Answer<TrustedView>> {
    this.#movedMs = Date.now();
    const moved = await this.#move();
    if (moved.ok) {
      this.trust = moved.value;
      this.failure = null;
      sessionStorage.setItem(KEPT, keepTrust(moved.value));
      return accept(moved.value.view);
    }
    // A connection that is gone proves nothing against anybody, nor does a ledger without commits.
    const isEmpty = this.trust === null && this.#daemon.status?.head.commit === 0;
    if (moved.rejection.code !== "API_CLOSED" && !isEmpty) this.failure = moved.rejection;
    return moved;
  }

  async #move(): Promise<Answer<Trust>> {
    const genesis = await this.#document();
    if (!genesis.ok) return genesis;
    const kept = keptTrustOf(sessionStorage.getItem(KEPT), genesis.value, Date.now());
    const begun: Trust = this.trust ?? kept ?? { view: genesis.value, basis: "genesis" };
    const followed = await this.#follow(begun);
    if (followed.ok || !needsOpening(followed.rejection.code)) return followed;
    const opened = await this.#open(genesis.value, followed.rejection);
    return opened.ok ? this.#follow(opened.value) : opened;
  }

  async #document(): Promise<Answer<TrustedView>> {
    if (this.#genesis !== null) return accept(this.#genesis);
    const document = await this.#daemon.call("ledger.genesis", {});
    if (!document.ok) return document;
    const name = keptTrust()?.genesis ?? this.#daemon.status?.genesis ?? "";
    const view = trustDocument(document.value.bytes, name);
    if (view.ok) this.#genesis = view.value;
    return view;
  }

  async #follow(begun: Trust): Promise<Answer<Trust>> {
    let { view } = begun;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const answer = await this.#daemon.call("ledger.light", { from: Number(view.number) });
      if (!answer.ok) return answer;
      const { updates, newest } = answer.value;
      // Nothing that was certified goes away again.
      if (newest < Number(view.number)) return reject("LEDGER_LIGHT_BACK", { newest });
      const next = followUpdates(view, updates, Date.now());
      if (!next.ok) return next;
      view = next.value;
      if (updates.length === 0 || Number(view.number) >= newest) break;
    }
    return view.number === 0n ? reject("NODE_COMMIT") : accept({ ...begun, view });
  }

  /** Begins at the commit that was named when the page was opened. */
  async #open(genesis: TrustedView, because: Refusal): Promise<Answer<Trust>> {
    const named = keptTrust();
    if (named === null) return { ok: false, rejection: because };
    const start = await this.#daemon.call("ledger.light-start", { commit: named.commit });
    if (!start.ok) return start;
    const view = trustOpening(genesis, named, start.value.update, Date.now());
    return view.ok ? accept({ view: view.value, basis: "opening" }) : view;
  }
}
