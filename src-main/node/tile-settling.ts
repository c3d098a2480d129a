/**
 * Decides when complete tiles move into their files: beside the sealing of the next commits, one
 * move at a time, since nothing waits for them. Tiles are derived: where their files cannot be
 * written, the database keeps them.
 */

import { Fault } from "../contract/outcome.ts";
import type { LedgerStore } from "../ports/ledger-store.ts";
import type { Log } from "../ports/log.ts";

/** Moves the tiles of a store. */
export class TileSettling {
  readonly #store: Pick<LedgerStore, "settleTiles">;
  readonly #log: Log;
  readonly #onFailure: (error: unknown) => void;
  #moving: Promise<void> | undefined;
  #again = false;

  /** @param onFailure  told of what is no fault of the disk */
  constructor(
    store: Pick<LedgerStore, "settleTiles">,
    log: Log,
    onFailure: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** Begins to move what is complete; what completes while a move is under way goes after it. */
  begin(): void {
    this.#again = true;
    this.#moving ??= this.#move();
  }

  /** Moves what is complete; resolves when it is done, or was put off by the disk. */
  async finish(): Promise<void> {
    this.begin();
    await this.end();
  }

  /** Resolves when nothing is being moved. */
  async end(): Promise<void> {
    await this.#moving;
  }

  async #move(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#store.settleTiles();
      }
    } catch (error) {
      if (error instanceof Fault) {
        this.#log.warn("a tile could not be written to its file", { code: error.code });
      } else this.#onFailure(error);
    } finally {
      this.#moving = undefined;
    }
  }
}
