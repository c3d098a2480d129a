/**
 * Decides when records are pruned: one pruning after the other, beside the sealing of commits, and
 * a stop waits for the one under way. The snapshot comes from whoever makes it apart, if there is
 * such a one: reading a whole state takes seconds.
 */

import { reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { Genesis } from "../ledger/index.ts";
import { pruneLedger } from "./prune-ledger.ts";
import type { PruneNeeds } from "./prune-ledger.ts";
import { makeSnapshot } from "./snapshot.ts";
import type { MadeSnapshot, NodeNeeds, Pruned } from "./types.ts";

/** What prunings work with. */
export interface PruningsNeeds extends Pick<
  NodeNeeds,
  "store" | "clock" | "crypto" | "snapshotApart"
> {
  readonly genesis: Genesis;
  /** Why the node has ended; undefined while it goes on. */
  readonly ended: () => string | undefined;
  /** Moves complete tiles into their files, once records are pruned. */
  readonly settle: () => Promise<void>;
}

/** The prunings of a node. */
export class Prunings {
  readonly #needs: PruningsNeeds;
  /** The last one that was asked for: the next begins after it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(needs: PruningsNeeds) {
    this.#needs = needs;
  }

  /** Prunes below a slot, after those asked for before. @rejects those of `pruneLedger` */
  run(proofs: PruneNeeds["proofs"], below: bigint): Promise<Outcome<Pruned>> {
    const { store, clock, ended, settle } = this.#needs;
    const snapshot = () => this.#snapshot();
    const pause = async () => {
      await new Promise<void>((resolve) => void clock.after(0, resolve));
      return ended();
    };
    const pruned = this.#last.then(async () => {
      const done = await pruneLedger({ store, proofs, snapshot, pause }, below);
      if (done.ok) await settle();
      return done;
    });
    this.#last = pruned.catch(() => undefined);
    return pruned;
  }

  /** Resolves when none is under way. */
  async end(): Promise<void> {
    await this.#last;
  }

  async #snapshot(): Promise<Outcome<MadeSnapshot>> {
    const { store, crypto, genesis, snapshotApart, ended } = this.#needs;
    const made = await (snapshotApart?.() ?? makeSnapshot(store, genesis, crypto));
    const code = ended();
    return code === undefined ? made : reject(code);
  }
}
