/**
 * Decides how something that takes time is known without waiting for it: asked beside at even
 * distances, one question at a time; an answer counts as long as it is fresh.
 */

import type { Clock } from "../../../ports/clock.ts";

/** An answer that is asked for again and again. */
export class AskedBeside<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: Clock;
  readonly #everyMs: number;
  #answer: { readonly value: T; readonly asked: number } | null = null;
  #questions = 0;
  #isAsking = false;
  #cancel: () => void = () => undefined;
  #closed = false;

  /** @param ask  must not throw where "not known" is an answer; what it throws is no answer */
  constructor(ask: () => Promise<T>, clock: Clock, everyMs: number) {
    this.#ask = ask;
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#next();
  }

  /** The newest answer; null where there is none of one of the last three questions. */
  get value(): T | null {
    const isFresh = this.#answer !== null && this.#questions - this.#answer.asked < 3;
    return isFresh ? (this.#answer?.value ?? null) : null;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #next(): void {
    if (this.#closed) return;
    this.#questions += 1;
    const asked = this.#questions;
    if (!this.#isAsking) {
      this.#isAsking = true;
      this.#ask()
        .then(
          (value) => (this.#answer = { value, asked }),
          () => undefined,
        )
        .finally(() => (this.#isAsking = false));
    }
    this.#cancel = this.#clock.after(this.#everyMs, () => this.#next());
  }
}
