/**
 * Decides how proofs and receipts are made from tiles, and that none leaves without having been
 * checked: where a tile was damaged, the proof is made from the log itself.
 */

import { accept, Fault, invariant } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { leafHash, verifyInclusion } from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";
import {
  buildReceipt,
  ed25519Scheme,
  vectorInclusionProof,
  verifyReceipt,
} from "../ledger/index.ts";
import type { Receipt } from "../ledger/index.ts";
import type { LedgerStore } from "../ports/ledger-store.ts";
import type { Chain } from "./chain.ts";
import { subtreesOf, tilesOfLog } from "./tree-tiles.ts";
import type { ReadTile } from "./tree-tiles.ts";
import type { NodeNeeds, SlotProof } from "./types.ts";

/** Makes proofs about the newest stored commit. */
export class Proofs {
  readonly #chain: Chain;
  readonly #store: LedgerStore;
  readonly #hasher: Hasher;

  constructor(chain: Chain, { store, crypto }: Pick<NodeNeeds, "store" | "crypto">) {
    this.#chain = chain;
    this.#store = store;
    this.#hasher = crypto.hasher;
  }

  /** Inclusion in the newest certified vector. @rejects NODE_SLOT */
  prove(slot: bigint): Outcome<SlotProof> {
    const stored = this.#chain.record(slot);
    if (!stored.ok) return stored;
    const leaf = leafHash(this.#hasher, stored.value);
    const { size, vectorRoot, number } = this.#chain.head;
    const place = { leafHash: leaf, index: Number(slot), size: Number(size) };
    const path = this.#checked(
      (readTile) => {
        const read = subtreesOf(this.#hasher, "vector", readTile);
        return vectorInclusionProof(this.#hasher, place.index, place.size, read);
      },
      (proof) => verifyInclusion(this.#hasher, vectorRoot, { ...place, proof }),
    );
    const certified = { vectorSize: size, vectorRoot, certifiedCommit: number };
    return accept({ slot, leafHash: leaf, path, ...certified });
  }

  /** A receipt of a slot below the newest commit. @rejects NODE_SLOT */
  receipt(slot: bigint): Outcome<Receipt> {
    const chain = this.#chain;
    const stored = chain.record(slot);
    if (!stored.ok) return stored;
    const outcome = chain.outcomeBytes(slot);
    const commitSlot = chain.head.firstSlot;
    const commit = chain.record(commitSlot);
    const certificate = chain.certificate();
    invariant(outcome.ok && commit.ok && certificate !== undefined, "the newest commit is stored");
    const hasher = this.#hasher;
    const parts = { slot, stored: stored.value, outcome: outcome.value, commitSlot, certificate };
    const build = (readTile: ReadTile): Receipt =>
      buildReceipt(hasher, {
        ...parts,
        commit: commit.value,
        readVector: subtreesOf(hasher, "vector", readTile),
        readOutcomes: subtreesOf(hasher, "outcome", readTile),
      });
    const scheme = ed25519Scheme(chain.execution.verifyEd25519);
    const context = { hasher, genesis: chain.genesis, scheme };
    return accept(this.#checked(build, (receipt) => verifyReceipt(receipt, context).ok));
  }

  #checked<T>(build: (readTile: ReadTile) => T, holds: (built: T) => boolean): T {
    const fromTiles = build(this.#chain.readTile);
    if (holds(fromTiles)) return fromTiles;
    const fromLog = build(tilesOfLog(this.#hasher, this.#store));
    if (holds(fromLog)) return fromLog;
    throw new Fault("STORE_DAMAGED", "the log does not give the root that was certified");
  }
}
