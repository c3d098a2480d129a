/**
 * Decides what somebody without a ledger is served: updates from a commit they trust to the newest,
 * an epoch at a time, and claims of slots and rows that they check against a commit they trust.
 */

import { decode } from "../codec/index.ts";
import { bytesEqual } from "../contract/bytes.ts";
import { accept, Fault, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { consistencyRanges, inclusionRanges, leafHash, verifyInclusion } from "../crypto/index.ts";
import { certificateCodec, SINGLE, stateKey, stateProof, stateViewOver } from "../ledger/index.ts";
import type { Certificate } from "../ledger/index.ts";
import type { LightUpdate, RowClaim } from "../ledger/light/index.ts";
import type { LedgerStore, TilePart } from "../ports/ledger-store.ts";
import type { Chain } from "./chain.ts";
import { FoldedTiles } from "./folded-tiles.ts";
import { epochEndOf } from "./history/epoch-end.ts";
import { LIGHT_UPDATES_MAX } from "./limits.ts";
import { tilesOfLog } from "./tree-tiles.ts";
import type { CommitClaim, LightServer, NodeNeeds, SlotClaims } from "./types.ts";

/** A commit as its certificate has it. */
interface Held {
  readonly firstSlot: number;
  readonly size: number;
  readonly certificate: Certificate;
}

/** Serves light clients from the stored ledger. */
export class LightProofs implements LightServer {
  readonly #chain: Chain;
  readonly #store: LedgerStore;
  readonly #crypto: NodeNeeds["crypto"];
  readonly #vector: FoldedTiles;
  readonly #outcomes: FoldedTiles;

  constructor(chain: Chain, { store, crypto }: Pick<NodeNeeds, "store" | "crypto">) {
    this.#chain = chain;
    this.#store = store;
    this.#crypto = crypto;
    const sources = {
      stored: chain.readTile,
      derived: tilesOfLog(crypto.hasher, store),
      part: (place: TilePart) => store.tilePart(place),
    };
    this.#vector = new FoldedTiles(crypto.hasher, "vector", sources);
    this.#outcomes = new FoldedTiles(crypto.hasher, "outcome", sources);
  }

  updates(from: bigint): Outcome<readonly LightUpdate[]> {
    const { number } = this.#chain.head;
    if (from > number) return reject("NODE_COMMIT", asked(from, number));
    const updates: LightUpdate[] = [];
    for (let at = Number(from); at < Number(number) && updates.length < LIGHT_UPDATES_MAX;) {
      const next = this.#nextHop(at);
      const update = next.ok ? this.#update(at, next.value) : next;
      if (!update.ok) return update;
      updates.push(update.value);
      at = next.ok ? next.value : at;
    }
    return accept(updates);
  }

  start(commit: bigint): Outcome<LightUpdate> {
    const { number } = this.#chain.head;
    if (commit < 1n || commit > number) return reject("NODE_COMMIT", asked(commit, number));
    const update = this.#update(0, Number(commit));
    if (!update.ok) return update;
    const validators = this.#validators(Number(commit));
    return validators.ok ? accept({ ...update.value, validators: validators.value }) : validators;
  }

  slot(slot: bigint, commit: bigint): Outcome<SlotClaims> {
    const at = this.#held(commit);
    if (!at.ok) return at;
    const { size, firstSlot } = at.value;
    if (slot >= BigInt(size)) return reject("NODE_SLOT", { slot: String(slot), size });
    const held = this.#chain.needHashes(slot);
    if (!held.ok) return held;
    const index = Number(slot);
    const isPruned = index < this.#store.floors().payloads;
    const stored = isPruned ? undefined : this.#store.record(index);
    const [leaf] = this.#read("vector", [{ first: index, count: 1 }]);
    if (stored !== undefined && !bytesEqual(leaf, leafHash(this.#crypto.hasher, stored))) {
      throw new Fault("STORE_DAMAGED", "the record is not the one of its tile", { slot: index });
    }
    return accept({
      slot,
      stored,
      leafHash: leaf,
      path: this.#read("vector", inclusionRanges(index, size)),
      ...(index < firstSlot ? { outcome: this.#outcome(index, firstSlot) } : {}),
      heldBy: this.#heldBy(index, size),
    });
  }

  rows(keys: readonly Uint8Array[], commit: bigint): Outcome<readonly RowClaim[]> {
    const at = this.#held(commit);
    if (!at.ok) return at;
    const pages = this.#chain.pagesAt(commit - 1n);
    if (!pages.ok) return pages;
    const view = stateViewOver(pages.value);
    const needs = { ...this.#crypto, readPage: pages.value };
    return accept(keys.map((key) => ({ bytes: view.get(key), proof: stateProof(needs, key) })));
  }

  /** First slot of a commit. */
  firstSlot(commit: bigint): Outcome<bigint> {
    const held = this.#held(commit);
    return held.ok ? accept(BigInt(held.value.firstSlot)) : held;
  }

  #outcome(index: number, firstSlot: number): { bytes: Uint8Array; path: Uint8Array[] } {
    const bytes = this.#store.outcome(index);
    const path = this.#read("outcome", inclusionRanges(index, firstSlot));
    const [root] = this.#read("outcome", [{ first: 0, count: firstSlot }]);
    const { hasher } = this.#crypto;
    const place = { leafHash: leafHash(hasher, bytes), index, size: firstSlot, proof: path };
    if (verifyInclusion(hasher, root, place)) return { bytes, path };
    throw new Fault("STORE_DAMAGED", "the outcome is not the one of its tile", { slot: index });
  }

  /** The commit record whose commit holds the slot, in a vector of `size`. */
  #heldBy(slot: number, size: number): CommitClaim {
    const number = this.#lastWhere((held) => held.firstSlot <= slot);
    const held = this.#store.commit(number);
    invariant(held !== undefined, "every slot has its commit");
    const { firstSlot } = held;
    return {
      slot: BigInt(firstSlot),
      stored: firstSlot < this.#store.floors().payloads ? undefined : this.#store.record(firstSlot),
      path: this.#read("vector", inclusionRanges(firstSlot, size)),
    };
  }

  /** A commit is followed to the end of its epoch, from there to the end of the next. */
  #nextHop(from: number): Outcome<number> {
    const newest = Number(this.#chain.head.number);
    const held = from === 0 ? undefined : this.#held(BigInt(from));
    if (held?.ok === false) return held;
    const epoch = held === undefined ? 0n : held.value.certificate.statement.epoch;
    const inEpoch = (last: bigint) =>
      this.#lastWhere(({ certificate }) => certificate.statement.epoch <= last);
    // The genesis names the validators of its own epoch and of the next.
    const ownEnd = from === 0 ? from : inEpoch(epoch);
    if (ownEnd > from) return accept(ownEnd);
    const nextEnd = inEpoch(epoch + 1n);
    return accept(Math.min(newest, Math.max(nextEnd, from + 1)));
  }

  /** Number of the last commit that is so; what is asked holds up to some commit, not after. */
  #lastWhere(holds: (commit: Held) => boolean): number {
    let low = this.#store.floors().commits;
    let high = Number(this.#chain.head.number);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const held = this.#held(BigInt(middle));
      invariant(held.ok, "commits above the floor are held");
      if (holds(held.value)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #update(from: number, to: number): Outcome<LightUpdate> {
    const before = from === 0 ? undefined : this.#held(BigInt(from));
    const after = this.#held(BigInt(to));
    if (before?.ok === false) return before;
    if (!after.ok) return after;
    const { firstSlot, size, certificate } = after.value;
    const commit = this.#chain.record(BigInt(firstSlot));
    if (!commit.ok) return commit;
    const { epoch } = certificate.statement;
    const hops = before !== undefined && before.value.certificate.statement.epoch !== epoch;
    const validators = hops ? this.#validators(from) : undefined;
    if (validators?.ok === false) return validators;
    const grown = before === undefined ? [] : consistencyRanges(before.value.size, size);
    return accept({
      certificate,
      commit: commit.value,
      commitProof: this.#read("vector", inclusionRanges(firstSlot, size)),
      consistency: this.#read("vector", grown),
      validators: validators?.value,
    });
  }

  /** The validators in the state that a commit names: of a kept state, else of an epoch's end. */
  #validators(commit: number): Outcome<NonNullable<LightUpdate["validators"]>> {
    const key = stateKey(this.#crypto.hasher, "validators", SINGLE);
    const live = this.#chain.pagesAt(BigInt(commit - 1));
    if (live.ok) {
      const row = stateViewOver(live.value).get(key);
      invariant(row !== undefined, "a state has its validators");
      return accept({ row, proof: stateProof({ ...this.#crypto, readPage: live.value }, key) });
    }
    const kept = epochEndOf(this.#store, BigInt(commit));
    return kept === undefined ? live : accept(kept);
  }

  #read(tree: "vector" | "outcome", ranges: Parameters<FoldedTiles["hashes"]>[1]): Uint8Array[] {
    const { size, vectorRoot, outcomeRoot } = this.#chain.head;
    const root = tree === "vector" ? vectorRoot : outcomeRoot;
    const tiles = tree === "vector" ? this.#vector : this.#outcomes;
    return tiles.hashes({ size: Number(size), root }, ranges);
  }

  #held(commit: bigint): Outcome<Held> {
    const { number } = this.#chain.head;
    const { commits } = this.#store.floors();
    if (commit < 1n || commit > number) return reject("NODE_COMMIT", asked(commit, number));
    if (commit <= BigInt(commits)) return reject("NODE_PRUNED", { commit: String(commit) });
    const held = this.#store.commit(Number(commit));
    const certificate = held === undefined ? held : decode(certificateCodec, held.certificate);
    if (held === undefined || certificate?.ok !== true) {
      const facts = { commit: Number(commit) };
      throw new Fault("STORE_DAMAGED", `the certificate of commit ${commit} is malformed`, facts);
    }
    const size = Number(certificate.value.statement.vectorSize);
    return accept({ firstSlot: held.firstSlot, size, certificate: certificate.value });
  }
}

function asked(commit: bigint, newest: bigint): { commit: string; newest: string } {
  return { commit: String(commit), newest: String(newest) };
}
