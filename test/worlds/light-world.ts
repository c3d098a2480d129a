/** Serves a light client from a practice world's memory: updates, and proofs of what is asked. */

import { encode } from "../../src-main/codec/index.ts";
import { consistencyProof, inclusionProof, leafHash, sha256 } from "../../src-main/crypto/index.ts";
import { stateKey, stateProof, stateViewOver } from "../../src-main/ledger/index.ts";
import type { StateProof, Table } from "../../src-main/ledger/index.ts";
import type { LightUpdate, RowClaim, SlotClaim } from "../../src-main/ledger/light/index.ts";
import { SINGLE, VALIDATORS } from "../../src-main/ledger/state/tables.ts";
import { certify } from "./certified-world.ts";
import type { PracticeWorld } from "./practice-world.ts";

type NamedTable = Pick<Table<never>, "name">;
type Pages = ReadonlyMap<string, Uint8Array>;

/** Remembers the state after each commit, since a commit's roots are those of the one before. */
export class LightWorld {
  readonly world: PracticeWorld;
  readonly #states: Pages[] = [];

  constructor(world: PracticeWorld) {
    this.world = world;
    this.#states.push(new Map(world.pages));
    // Whoever seals in this world, its states are remembered.
    const keep = world.keep.bind(world);
    world.keep = (executed) => {
      const kept = keep(executed);
      this.#states.push(new Map(world.pages));
      return kept;
    };
  }

  /** Seals a commit of these records. */
  commit(records: readonly Uint8Array[] = [], touch: { readonly time?: bigint } = {}): void {
    this.world.commit(records, touch);
  }

  #leaves(count: number): Uint8Array[] {
    const commits = this.world.commits.slice(0, count);
    return commits.flatMap(({ stored }) => stored.map((bytes) => leafHash(sha256, bytes)));
  }

  /** The update from commit `from` (0 for the genesis) to commit `to`. */
  update(from: number, to: number): LightUpdate {
    const { commits } = this.world;
    const commit = commits[to - 1];
    const leaves = this.#leaves(to);
    const firstSize = from === 0 ? 0 : Number(commits[from - 1].head.size);
    // The state that commit `from` names is that after the one before it.
    const state = this.#states[Math.max(0, from - 1)];
    return {
      certificate: certify(this.world, commit),
      commit: commit.stored[0],
      commitProof: inclusionProof(sha256, leaves, Number(commit.head.firstSlot)),
      consistency: firstSize === 0 ? [] : consistencyProof(sha256, leaves, firstSize),
      validators: {
        row: encode(VALIDATORS.codec, this.world.genesis.validators),
        proof: this.#proof(state, VALIDATORS, SINGLE),
      },
    };
  }

  /** Proof of a slot's record for a client at commit `at`. */
  record(slot: number, at: number): SlotClaim {
    const { commits } = this.world;
    const all = commits.slice(0, at).flatMap(({ stored }) => stored);
    const proof = inclusionProof(sha256, this.#leaves(at), slot);
    return { slot: BigInt(slot), bytes: all[slot], proof };
  }

  /** Proof of a slot's outcome for a client at commit `at`. */
  outcome(slot: number, at: number): SlotClaim {
    const all = this.world.commits.slice(0, at - 1).flatMap(({ outcomeBytes }) => outcomeBytes);
    const leaves = all.map((bytes) => leafHash(sha256, bytes));
    return { slot: BigInt(slot), bytes: all[slot], proof: inclusionProof(sha256, leaves, slot) };
  }

  /** Proof of a row, or of its absence, for a client at commit `at`. */
  row(table: NamedTable, id: Uint8Array, at: number): RowClaim {
    const state = this.#states[at - 1];
    const bytes = stateViewOver(readerOf(state)).get(stateKey(sha256, table.name, id));
    return { bytes, proof: this.#proof(state, table, id) };
  }

  #proof(state: Pages, table: NamedTable, id: Uint8Array): StateProof {
    const needs = { hasher: sha256, readPage: readerOf(state) };
    return stateProof(needs, stateKey(sha256, table.name, id));
  }
}

function readerOf(pages: Pages) {
  return (key: Uint8Array): Uint8Array | undefined => pages.get(Buffer.from(key).toString("hex"));
}
