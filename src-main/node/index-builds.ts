/**
 * Decides when the similarity index's next centroids are computed: ahead of the commit that needs
 * them, in short steps between other work, so that no commit waits for them.
 */

import { bytesToHex } from "../contract/bytes.ts";
import { BuildMemo, readWaiting, waitingInputs } from "../ledger/index.ts";
import type { BuildInput, IndexView } from "../ledger/index.ts";
import type { Hasher } from "../crypto/index.ts";
import { BUILD_PAUSE_MS } from "./limits.ts";

/** Computes what waits; the memo goes into execution, which computes itself what is not ready. */
export class IndexBuilds {
  readonly memo: BuildMemo;
  #looked = "";
  #waiting: BuildInput[] = [];
  #running = false;

  constructor(hasher: Hasher) {
    this.memo = new BuildMemo(hasher);
  }

  /** Looks whether other builds wait than before; called after each stored commit. */
  look(view: IndexView): void {
    const waiting = readWaiting(view.readPage);
    const name = waiting.map(({ dueEpoch, collection }) => {
      return `${dueEpoch} ${bytesToHex(collection)}`;
    });
    if (name.join() === this.#looked) return;
    this.#looked = name.join();
    this.#waiting = [...waitingInputs(view)];
    if (!this.#running && this.#waiting.length > 0) {
      this.#running = true;
      this.#pause(() => this.#next());
    }
  }

  #next(): void {
    const input = this.#waiting.shift();
    if (input === undefined) this.#running = false;
    else this.#step(this.memo.ahead(input));
  }

  #step(steps: Generator<void, void, void>): void {
    if (steps.next().done === true) this.#next();
    else this.#pause(() => this.#step(steps));
  }

  /** A process may end while this waits: nothing is lost but the work. */
  #pause(then: () => void): void {
    setTimeout(then, BUILD_PAUSE_MS).unref();
  }
}
