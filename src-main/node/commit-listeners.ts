/** Decides that one listener of commits that fails keeps no other from hearing of them. */

import type { ExecutedCommit } from "../ledger/index.ts";
import type { Log } from "../ports/log.ts";
import type { CommitNews } from "./types.ts";

/** Those who want to hear of commits, in the order in which they came. */
export class CommitListeners {
  readonly #listeners = new Set<(news: CommitNews) => void>();

  /** Answers how to end it. */
  add(listener: (news: CommitNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells everybody of a commit that is stored. */
  tell(built: ExecutedCommit, log: Log): void {
    const { number, firstSlot, time } = built.head;
    for (const listener of [...this.#listeners]) {
      try {
        listener({ number, firstSlot, time, effects: built.effects });
      } catch (error) {
        log.error("a listener of commits failed", { error: String(error) });
      }
    }
  }
}
