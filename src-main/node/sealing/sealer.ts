/**
 * Decides how the steps of `consensus/solo` meet the world: its actions are carried out in order,
 * one event at a time, and its times are turned into waiting. A failure of the world ends sealing;
 * what was acknowledged is stored already.
 */

import { invariant } from "../../contract/outcome.ts";
import { soloState, soloStep } from "../../consensus/index.ts";
import type { SoloAction, SoloEvent, SoloStart, SoloState } from "../../consensus/index.ts";
import type { Certificate, ExecutedCommit, Statement } from "../../ledger/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { CLOCK_WARN_MS, TIMER_MS_MAX } from "../limits.ts";
import { guardFault } from "./vote-entry.ts";
import type { VoteEntry } from "./vote-entry.ts";

/** A commit that may be proposed now. */
export type ProposeAction = Extract<SoloAction, { kind: "propose" }>;

/** What the sealer asks of the node. */
export interface SealerNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** Builds and executes a commit; undefined when it could not be built. */
  readonly build: (action: ProposeAction) => ExecutedCommit | undefined;
  /** Writes the guard and the commit down; resolves when durable. */
  readonly persist: (guard: VoteEntry["guard"], built: ExecutedCommit) => Promise<void>;
  /** Signs a statement; answers its certificate, checked. */
  readonly certify: (statement: Statement) => Certificate;
  /** Stores the commit and announces it; answers how much waits for the next one. */
  readonly store: (finalization: Certificate, built: ExecutedCommit) => Promise<number>;
  /** Told once when sealing ends by a failure. */
  readonly onFailure: (error: unknown) => void;
}

/** Whether a commit's outcomes want a name: it held records or did something. */
export function isBusy(built: ExecutedCommit): boolean {
  return built.stored.length > 1 || built.effects.length > 0;
}

/** Drives the sealing of one validator. */
export class Sealer {
  readonly #needs: SealerNeeds;
  readonly #events: SoloEvent[] = [];
  #state: SoloState;
  #built: ExecutedCommit | undefined;
  #draining: Promise<void> | undefined;
  #cancelWake: (() => void) | undefined;
  /** When the timer that runs will speak. */
  #wakeAt: bigint | undefined;
  #busy = false;
  #ended = false;
  #warned = false;

  constructor(start: SoloStart, needs: SealerNeeds) {
    this.#needs = needs;
    this.#state = soloState(start);
  }

  /** Begins to seal. */
  begin(): void {
    this.#push({ kind: "clock", now: this.#now() });
  }

  /** Says how many records wait, or that something else waits for a commit. */
  pending(count: number): void {
    const last = this.#events.length - 1;
    if (this.#events[last]?.kind === "pending") {
      // While a commit is under way thousands may come; only the newest count says something.
      this.#events[last] = { kind: "pending", count };
      return;
    }
    // The time first: it may have passed long ago since the last commit.
    this.#push({ kind: "clock", now: this.#now() }, { kind: "pending", count });
  }

  /** Finishes the commit under way, then seals no more. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#stopWaiting();
    await this.#draining;
  }

  /** The wall clock, never behind what was said before: it may be set back. */
  #now(): bigint {
    const wall = BigInt(this.#needs.clock.nowMs());
    return wall > this.#state.now ? wall : this.#state.now;
  }

  #push(...events: readonly SoloEvent[]): void {
    if (this.#ended) return;
    this.#events.push(...events);
    if (!this.#busy) this.#draining = this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        const step = soloStep(this.#state, event);
        if (!step.ok) throw guardFault("signing would contradict the guard", this.#state.head);
        this.#state = step.value.state;
        for (const action of step.value.actions) await this.#act(action);
      }
    } catch (error) {
      this.#ended = true;
      this.#stopWaiting();
      this.#needs.onFailure(error);
    } finally {
      // In the same turn as the last look at the queue, so that no event is left lying.
      this.#busy = false;
    }
  }

  async #act(action: SoloAction): Promise<void> {
    switch (action.kind) {
      case "wake":
        return this.#wake(action.at);
      case "propose":
        return this.#propose(action);
      case "persist-guard":
        return this.#needs.persist(action.guard, this.#unstored());
      case "sign":
        return this.#certified(this.#needs.certify(action.statement));
    }
  }

  /**
   * Waits until `at`. When the timer fires its time has passed, whatever the wall clock says: it
   * may have been set back, and commit time goes on regardless.
   */
  #wake(at: bigint): void {
    if (this.#wakeAt === at) return;
    this.#stopWaiting();
    if (this.#ended) return;
    const delayMs = Math.min(Math.max(Number(at - this.#state.now), 0), TIMER_MS_MAX);
    const reached = this.#state.now + BigInt(delayMs);
    const wake = (): void => {
      this.#wakeAt = undefined;
      const wall = BigInt(this.#needs.clock.nowMs());
      this.#push({ kind: "clock", now: wall > reached ? wall : reached });
    };
    this.#wakeAt = at;
    this.#cancelWake = this.#needs.clock.after(delayMs, wake);
  }

  #stopWaiting(): void {
    this.#cancelWake?.();
    this.#wakeAt = undefined;
  }

  #propose(action: ProposeAction): void {
    if (this.#ended) return;
    this.#warnOfClock(action.time);
    this.#built = this.#needs.build(action);
    const built = this.#built;
    this.#events.unshift(
      built === undefined ? { kind: "failed" } : { kind: "built", head: built.head },
    );
  }

  async #certified(certificate: Certificate): Promise<void> {
    // A notarization would let other validators go on; a lone one waits for its finalization.
    if (certificate.statement.kind !== "finalize") return;
    const built = this.#unstored();
    const count = await this.#needs.store(certificate, built);
    this.#built = undefined;
    const { head, due } = built;
    // What waits is told first: with the old count an empty commit could follow at once.
    this.#events.unshift(
      { kind: "clock", now: this.#now() },
      { kind: "pending", count },
      { kind: "stored", head, due, busy: isBusy(built) },
    );
  }

  #unstored(): ExecutedCommit {
    invariant(this.#built !== undefined, "only a built commit is signed");
    return this.#built;
  }

  #warnOfClock(time: bigint): void {
    const behindMs = Number(time) - this.#needs.clock.nowMs();
    if (behindMs > CLOCK_WARN_MS && !this.#warned) {
      this.#needs.log.warn("the machine's clock is behind the ledger's time", { behindMs });
    }
    this.#warned = behindMs > CLOCK_WARN_MS;
  }
}
