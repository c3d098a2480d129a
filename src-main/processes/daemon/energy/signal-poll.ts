/**
 * Decides when a service is asked about the grid: once an hour, later and later while it fails, and
 * not before it said it would answer again. What it gave is kept, so that a restart asks nobody
 * for what is there.
 */

import { Fault } from "../../../contract/outcome.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EnergyStore, SignalRow } from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import type { MeterFailure } from "./meter-watch.ts";

const EVERY_MS = 3_600_000;
/** First pause after a failure; it doubles up to six hours. */
const PAUSE_MS = 300_000;
const PAUSE_MAX_MS = 21_600_000;
/** A restart that has a value for now waits this long, so that starts in a row ask once. */
const KNOWN_PAUSE_MS = 600_000;

/** One service and what it is asked. */
export interface PolledService {
  readonly name: string;
  readonly ask: () => Promise<readonly SignalRow[]>;
  /** Whether a value for now is kept from before. */
  readonly isKnown: () => boolean;
}

/** Asks a service until it is stopped. */
export class SignalPoll {
  readonly #service: PolledService;
  readonly #needs: { readonly store: EnergyStore; readonly log: Log; readonly clock: Clock };
  #failure: MeterFailure | null = null;
  #fetchedMs: number | null = null;
  #failures = 0;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(
    service: PolledService,
    needs: { readonly store: EnergyStore; readonly log: Log; readonly clock: Clock },
  ) {
    this.#service = service;
    this.#needs = needs;
  }

  get failure(): MeterFailure | null {
    return this.#failure;
  }

  get fetchedMs(): number | null {
    return this.#fetchedMs;
  }

  begin(): void {
    if (this.#service.isKnown()) this.#later(KNOWN_PAUSE_MS);
    else void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #ask(): Promise<void> {
    const { store, log, clock } = this.#needs;
    try {
      const rows = await this.#service.ask();
      if (this.#stopped) return;
      store.putSignals(rows);
      [this.#failure, this.#failures, this.#fetchedMs] = [null, 0, clock.nowMs()];
      this.#later(EVERY_MS);
    } catch (error) {
      if (this.#stopped) return;
      const isFault = error instanceof Fault;
      const code = isFault ? error.code : "GRID_SIGNALS_ANSWER";
      const facts = isFault ? error.facts : {};
      if (this.#failure?.code !== code) {
        log.warn("a signal of the grid is missing", {
          service: this.#service.name,
          code,
          ...facts,
        });
      }
      this.#failure = { code, facts };
      const pause = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** this.#failures);
      this.#failures += 1;
      const asked = typeof facts["waitMs"] === "number" ? facts["waitMs"] : 0;
      this.#later(Math.min(PAUSE_MAX_MS, Math.max(pause, asked)));
    }
  }

  #later(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#needs.clock.after(delayMs, () => void this.#ask());
  }
}
