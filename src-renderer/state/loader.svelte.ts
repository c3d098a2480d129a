/** Decides the forms of anything fetched: waiting, there, failing; kept while it reloads. */

import type { Answer, Refusal } from "../bridge/daemon-link.ts";

/** A value that the daemon is asked for. */
export class Loader<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Refusal | null>(null);
  #run = 0;

  /** Asks; an older answer that comes late is dropped. */
  async load(ask: () => Promise<Answer<T>>): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const answer = await ask();
    if (run !== this.#run) return;
    if (answer.ok) {
      this.value = answer.value;
      this.failure = null;
    } else if (answer.rejection.code !== "API_CLOSED") {
      // A closed connection has its own form on top of every screen.
      this.failure = answer.rejection;
    }
  }

  /** Forgets what was fetched. */
  clear(): void {
    this.#run += 1;
    this.value = null;
    this.failure = null;
  }
}
