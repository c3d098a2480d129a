/**
 * Decides how proofs and receipts are made from tiles, and that none leaves without having been
 * checked: where a tile was damaged, the proof is made from the log itself.
 */

import { bytesEqual } from "../contract/bytes.ts";
import { accept, Fault, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import {
  consistencyRanges,
  DIGEST_BYTES,
  inclusionRanges,
  leafHash,
  verifyConsistency,
  verifyInclusion,
} from "../crypto/index.ts";
import type { Hasher } from "../crypto/index.ts";
import {
  buildReceipt,
  ed25519Scheme,
  stateProof,
  stateViewOver,
  TILE_WIDTH,
  verifyReceipt,
  verifyStateReceipt,
} from "../ledger/index.ts";
import type { Receipt, StateReceipt } from "../ledger/index.ts";
import type { LedgerStore, TilePart } from "../ports/ledger-store.ts";
import type { Chain } from "./chain.ts";
import { FoldedTiles } from "./folded-tiles.ts";
import type { TreeState } from "./folded-tiles.ts";
import { tilesOfLog } from "./tree-tiles.ts";
import type { NodeNeeds, OutcomeProof, SizeProof, SlotProof } from "./types.ts";

/** Makes proofs about the newest stored commit. */
export class Proofs {
  readonly #chain: Chain;
  readonly #store: LedgerStore;
  readonly #crypto: NodeNeeds["crypto"];
  readonly #hasher: Hasher;
  readonly #vector: FoldedTiles;
  readonly #outcomes: FoldedTiles;

  constructor(chain: Chain, { store, crypto }: Pick<NodeNeeds, "store" | "crypto">) {
    this.#chain = chain;
    this.#store = store;
    this.#crypto = crypto;
    this.#hasher = crypto.hasher;
    const sources = {
      stored: chain.readTile,
      derived: tilesOfLog(crypto.hasher, store),
      part: (place: TilePart) => store.tilePart(place),
    };
    this.#vector = new FoldedTiles(crypto.hasher, "vector", sources);
    this.#outcomes = new FoldedTiles(crypto.hasher, "outcome", sources);
  }

  /**
   * Inclusion in the newest certified vector; of a pruned slot too, whose hash is still held.
   * @rejects NODE_SLOT, NODE_PRUNED where not even hashes are held
   */
  prove(slot: bigint): Outcome<SlotProof> {
    const held = this.#chain.needHashes(slot);
    if (!held.ok) return held;
    const { size, vectorRoot, number } = this.#chain.head;
    const index = Number(slot);
    const state = { size: Number(size), root: vectorRoot };
    const path = this.#vector.hashes(state, inclusionRanges(index, state.size));
    const [leaf] = this.#vector.hashes(state, [{ first: index, count: 1 }]);
    const isPruned = index < this.#store.floors().payloads;
    if (!isPruned && !bytesEqual(leaf, leafHash(this.#hasher, this.#store.record(index)))) {
      throw new Fault("STORE_DAMAGED", "the record is not the one of its tile", { slot: index });
    }
    const certified = { vectorSize: size, vectorRoot, certifiedCommit: number };
    return accept({ slot, leafHash: leaf, path, ...certified });
  }

  /**
   * That the vector of an earlier size is the beginning of the newest certified one.
   * @rejects NODE_SIZE, NODE_PRUNED
   */
  consistency(since: bigint): Outcome<SizeProof> {
    const { size, vectorRoot, number } = this.#chain.head;
    if (since < 1n || since > size) {
      return reject("NODE_SIZE", { asked: String(since), size: String(size) });
    }
    const held = this.#chain.needHashes(since - 1n);
    if (!held.ok) return held;
    const state = { size: Number(size), root: vectorRoot };
    const first = { first: 0, count: Number(since) };
    const [firstRoot] = this.#vector.hashes(state, [first]);
    const path = this.#vector.hashes(state, consistencyRanges(first.count, state.size));
    const claim = { firstSize: first.count, firstRoot, secondSize: state.size };
    const whole = { ...claim, secondRoot: vectorRoot, proof: path };
    invariant(verifyConsistency(this.#hasher, whole), "a proof from checked tiles holds");
    return accept({
      ...{ since, sinceRoot: firstRoot, path },
      ...{ vectorSize: size, vectorRoot, certifiedCommit: number },
    });
  }

  /**
   * What became of a slot, in the outcome tree that the newest commit names; of a pruned slot too.
   * @rejects NODE_SLOT, NODE_PRUNED where not even hashes are held, NODE_STATE_EARLY for a slot of
   *          the newest commit
   */
  outcome(slot: bigint): Outcome<OutcomeProof> {
    const chain = this.#chain;
    const outcome = chain.outcomeBytes(slot);
    if (!outcome.ok) return outcome;
    const { firstSlot, size, outcomeRoot, number } = chain.head;
    if (slot >= firstSlot) return reject("NODE_STATE_EARLY", { commit: String(number) });
    const state = { size: Number(size), root: outcomeRoot };
    const ranges = inclusionRanges(Number(slot), Number(firstSlot));
    const path = this.#outcomes.hashes(state, ranges);
    const [namedRoot] = this.#outcomes.hashes(state, [{ first: 0, count: Number(firstSlot) }]);
    const place = { index: Number(slot), size: Number(firstSlot), proof: path };
    const leaf = leafHash(this.#hasher, outcome.value);
    if (!verifyInclusion(this.#hasher, namedRoot, { ...place, leafHash: leaf })) {
      const facts = { slot: Number(slot) };
      throw new Fault("STORE_DAMAGED", "the outcome is not the one of its tile", facts);
    }
    const named = { outcomeSize: firstSlot, outcomeRoot: namedRoot, namedBy: number };
    return accept({ slot, outcome: outcome.value, path, ...named });
  }

  /** A receipt of a slot below the newest commit. @rejects NODE_SLOT, NODE_PRUNED */
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
    const { size, vectorRoot, outcomeRoot } = chain.head;
    const state = (root: Uint8Array): TreeState => ({ size: Number(size), root });
    const receipt = buildReceipt(hasher, {
      ...{ slot, stored: stored.value, outcome: outcome.value, commitSlot, certificate },
      commit: commit.value,
      readVector: this.#vector.reader(state(vectorRoot)),
      readOutcomes: this.#outcomes.reader(state(outcomeRoot)),
    });
    const checked = verifyReceipt(receipt, this.#context());
    if (checked.ok) return accept(receipt);
    const facts = { slot: Number(slot), because: checked.rejection.code };
    throw new Fault("STORE_DAMAGED", "record or outcome is not the one of its tile", facts);
  }

  /**
   * What shows a row of the state after a commit, or that there was none.
   * @param commit  the newest that a later one names unless given
   * @rejects NODE_COMMIT, NODE_STATE_EARLY, NODE_PRUNED
   */
  state(key: Uint8Array, commit?: bigint): Outcome<StateReceipt> {
    const chain = this.#chain;
    const newest = chain.head.number;
    const at = commit ?? newest - 1n;
    if (at >= newest) return reject("NODE_STATE_EARLY", { commit: String(at) });
    const pages = chain.pagesAt(at);
    if (!pages.ok) return pages;
    const naming = this.#store.commit(Number(at) + 1);
    const certificate = chain.certificate();
    invariant(naming !== undefined && certificate !== undefined, "kept states have their commits");
    const state = { size: Number(chain.head.size), root: chain.head.vectorRoot };
    const needs = { ...this.#crypto, readPage: pages.value };
    const receipt: StateReceipt = {
      key,
      value: stateViewOver(pages.value).get(key),
      proof: stateProof(needs, key),
      commit: this.#store.record(naming.firstSlot),
      commitProof: this.#vector.hashes(state, inclusionRanges(naming.firstSlot, state.size)),
      certificate,
    };
    const checked = verifyStateReceipt(receipt, this.#context());
    if (checked.ok) return accept(receipt);
    const facts = { commit: Number(at), because: checked.rejection.code };
    throw new Fault("STORE_DAMAGED", "the state is not the one that was certified", facts);
  }

  /** Hashes of the tiles that must stay when records go; each is checked against the root. */
  leafTiles(first: number, end: number): Uint8Array[] {
    const state = { size: Number(this.#chain.head.size), root: this.#chain.head.vectorRoot };
    const tiles: Uint8Array[] = [];
    for (let slot = first; slot < end; slot += TILE_WIDTH) {
      const ranges = Array.from({ length: TILE_WIDTH }, (_, at) => ({
        first: slot + at,
        count: 1,
      }));
      const tile = new Uint8Array(TILE_WIDTH * DIGEST_BYTES);
      for (const [at, hash] of this.#vector.hashes(state, ranges).entries()) {
        tile.set(hash, at * DIGEST_BYTES);
      }
      tiles.push(tile);
    }
    return tiles;
  }

  #context() {
    const { genesis, execution } = this.#chain;
    return { hasher: this.#hasher, genesis, scheme: ed25519Scheme(execution.verifyEd25519) };
  }
}
