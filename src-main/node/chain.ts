/**
 * Decides how commits follow each other in this node: each is executed against the last stored one
 * and stored with everything derived from it in one write. Speculation stays in memory; what can be
 * read here is final.
 */

import { decode, encode } from "../codec/index.ts";
import { bytesEqual, bytesToHex } from "../contract/bytes.ts";
import { accept, Fault, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import {
  certificateCodec,
  epochAfter,
  executeCommit,
  genesisState,
  headCodec,
  nextDue,
  pricesOf,
  readHead,
  readRecord,
  recordContext,
  recordOutcomeCodec,
  recoverRecord,
  signedBy,
  StateOverlay,
  stateViewOver,
} from "../ledger/index.ts";
import type {
  Certificate,
  ExecutedCommit,
  ExecuteNeeds,
  FeePrices,
  Genesis,
  Head,
  NextDue,
  ReadPage,
  ReadRecord,
  RecordOutcome,
  SignedRecord,
  StateView,
} from "../ledger/index.ts";
import type { LedgerStore, TreeTile } from "../ports/ledger-store.ts";
import { closedRowsOf } from "./history/closed-rows.ts";
import { epochEndRow } from "./history/epoch-end.ts";
import { indexRowsOf } from "./history/index-rows.ts";
import { IndexBuilds } from "./index-builds.ts";
import { tilesAfter, tilesOfStore } from "./tree-tiles.ts";
import type { ReadTile } from "./tree-tiles.ts";
import type { NodeNeeds } from "./types.ts";

/** What executing needs in a node: signers may be asked for before their commit is executed. */
export interface NodeExecution extends ExecuteNeeds {
  /** Reads a record of an account; asks nobody. @rejects as `readRecord` of the ledger */
  readonly readRecord: (stored: Uint8Array) => Outcome<ReadRecord>;
  /** Remembers who signed; `recoverRecord` then answers at once. @rejects LEDGER_SIGNATURE */
  readonly signedBy: (read: ReadRecord, signer: Uint8Array | undefined) => Outcome<SignedRecord>;
  /** Remembers the signers of records, as far as they read, asked beside this thread's work. */
  readonly recoverAhead: (records: readonly Uint8Array[]) => Promise<void>;
}

/** What executing needs; a signer once recovered is remembered with the bytes it was read from. */
export function executeNeedsOf(
  crypto: NodeNeeds["crypto"],
  genesisHash: Uint8Array,
): NodeExecution {
  const { signatures, recovery, ...needs } = crypto;
  const context = recordContext(needs.hasher, genesisHash);
  const recovered = new WeakMap<Uint8Array, SignedRecord>();
  const remembered = (signed: Outcome<SignedRecord>): Outcome<SignedRecord> => {
    if (signed.ok) recovered.set(signed.value.stored, signed.value);
    return signed;
  };
  return {
    ...needs,
    recoverRecord(stored) {
      const known = recovered.get(stored);
      if (known !== undefined) return accept(known);
      return remembered(recoverRecord(stored, context, signatures));
    },
    readRecord: (stored) => readRecord(stored, context),
    signedBy: (read, signer) => remembered(signedBy(read, signer)),
    async recoverAhead(records) {
      if (recovery === undefined) return;
      const asked = records.map(async (stored) => {
        const read = readRecord(stored, context);
        if (!read.ok) return;
        const { id, signature } = read.value;
        remembered(signedBy(read.value, await recovery.recover(id, signature)));
      });
      await Promise.all(asked);
    },
  };
}

function unreadHead(code: string): Fault {
  if (code === "LEDGER_HEAD_FORMAT") return new Fault(code, "another version kept the ledger");
  return new Fault("STORE_DAMAGED", "the stored head is malformed");
}

/** The ledger as this node has stored it. */
export class Chain {
  readonly genesis: Genesis;
  readonly execution: NodeExecution;
  readonly readTile: ReadTile;
  readonly #builds: IndexBuilds;
  readonly #store: LedgerStore;
  #head: Head;
  /** As asked for last, and after which commit. */
  #prices: { readonly number: bigint; readonly prices: FeePrices } | undefined;

  private constructor(
    genesis: Genesis,
    { store, crypto }: Pick<NodeNeeds, "store" | "crypto">,
    head: Head,
  ) {
    this.genesis = genesis;
    this.#store = store;
    this.#head = head;
    this.#builds = new IndexBuilds(crypto.hasher);
    const buildMemo = this.#builds.memo;
    this.execution = { ...executeNeedsOf(crypto, head.genesisHash), buildMemo };
    this.#lookAtBuilds();
    this.readTile = tilesOfStore(crypto.hasher, store);
  }

  /** Continues where the store is, or begins with the genesis. Throws Fault NODE_GENESIS. */
  static async open(genesis: Genesis, needs: Pick<NodeNeeds, "store" | "crypto">): Promise<Chain> {
    const begins = genesisState(genesis, needs.crypto);
    const stored = needs.store.head();
    if (stored === undefined) {
      await needs.store.begin(encode(headCodec, begins.head), begins.pages);
      return new Chain(genesis, needs, begins.head);
    }
    const head = readHead(stored);
    if (!head.ok) throw unreadHead(head.rejection.code);
    if (!bytesEqual(head.value.genesisHash, begins.head.genesisHash)) {
      const facts = { held: bytesToHex(head.value.genesisHash) };
      throw new Fault("NODE_GENESIS", "the folder belongs to another network", facts);
    }
    if (Number(head.value.size) !== needs.store.size()) {
      throw new Fault("STORE_DAMAGED", "the stored head is of another size");
    }
    return new Chain(genesis, needs, head.value);
  }

  get head(): Head {
    return this.#head;
  }

  /** State after the newest stored commit. */
  view(): StateView {
    return stateViewOver((key) => this.#store.page(key));
  }

  /** What records cost in the next commit. */
  prices(): FeePrices {
    const { number } = this.#head;
    if (this.#prices?.number !== number) {
      const overlay = new StateOverlay(this.view(), this.execution.hasher);
      const context = { genesis: this.genesis, epoch: epochAfter(this.genesis, this.#head) };
      this.#prices = { number, prices: pricesOf(overlay, context) };
    }
    return this.#prices.prices;
  }

  /** When something is due next by the newest stored state. */
  due(): NextDue {
    return nextDue(new StateOverlay(this.view(), this.execution.hasher));
  }

  /** Whether the newest commit held records or did something that no commit names yet. */
  unnamed(): boolean {
    const { number, firstSlot, size } = this.#head;
    if (number === 0n) return false;
    if (size - firstSlot > 1n) return true;
    const outcome = this.outcome(firstSlot);
    return outcome.ok && outcome.value.effects.length > 0;
  }

  /** Executes a commit against the newest stored one; nothing is stored. */
  execute(stored: readonly Uint8Array[]): Outcome<ExecutedCommit> {
    const parent = {
      genesis: this.genesis,
      head: this.#head,
      readPage: (key: Uint8Array) => this.#store.page(key),
    };
    return executeCommit(parent, stored[0], stored.slice(1), this.execution);
  }

  /** Stores an executed commit; resolves when it is durable and may be acknowledged. */
  async append(executed: ExecutedCommit, certificate: Certificate): Promise<void> {
    const { head, stored, outcomes } = executed;
    const records = stored.slice(1).map((bytes) => {
      const signed = this.execution.recoverRecord(bytes);
      invariant(signed.ok, "an executed record was recovered");
      return signed.value;
    });
    const effects = executed.effects.map(({ effect }) => effect);
    await this.#store.append({
      number: Number(head.number),
      firstSlot: Number(head.firstSlot),
      records: stored,
      outcomes: executed.outcomeBytes,
      pages: executed.pages,
      tiles: this.#tilesOf(executed),
      index: [
        ...indexRowsOf({ commit: executed.commit, records, outcomes }),
        ...closedRowsOf(this.view(), this.execution.hasher, effects),
        ...epochEndRow(this, head.epoch, this.execution),
      ],
      certificate: encode(certificateCodec, certificate),
      head: encode(headCodec, head),
    });
    this.#head = head;
    this.#lookAtBuilds();
  }

  #lookAtBuilds(): void {
    const readPage = (key: Uint8Array): Uint8Array | undefined => this.#store.page(key);
    this.#builds.look({ hasher: this.execution.hasher, readPage });
  }

  /**
   * Pages of the state after a commit; what is stored later does not change what they answer.
   * @rejects NODE_COMMIT, NODE_PRUNED
   */
  pagesAt(commit: bigint): Outcome<ReadPage> {
    const { number } = this.#head;
    const at = Number(commit);
    if (commit < 0n || commit > number) {
      return reject("NODE_COMMIT", { commit: String(commit), newest: String(number) });
    }
    const oldest = this.#store.oldestState();
    if (at < oldest) return reject("NODE_PRUNED", { commit: at, oldest });
    return accept((key) => this.#store.pageAt(at, key));
  }

  /** Whether the hash and the outcome of a slot are held. @rejects NODE_SLOT, NODE_PRUNED */
  needHashes(slot: bigint): Outcome<undefined> {
    if (!this.#holds(slot)) return this.#noSlot(slot);
    const { hashes } = this.#store.floors();
    return slot < BigInt(hashes) ? this.#pruned(slot, hashes) : accept(undefined);
  }

  /** Stored bytes of a slot. @rejects NODE_SLOT, NODE_PRUNED */
  record(slot: bigint): Outcome<Uint8Array> {
    if (!this.#holds(slot)) return this.#noSlot(slot);
    const { payloads } = this.#store.floors();
    if (slot < BigInt(payloads)) return this.#pruned(slot, payloads);
    return accept(this.#store.record(Number(slot)));
  }

  /** Outcome bytes of a slot. @rejects NODE_SLOT, NODE_PRUNED */
  outcomeBytes(slot: bigint): Outcome<Uint8Array> {
    const held = this.needHashes(slot);
    if (!held.ok) return held;
    return accept(this.#store.outcome(Number(slot)));
  }

  /** What became of a slot. @rejects NODE_SLOT, NODE_PRUNED */
  outcome(slot: bigint): Outcome<RecordOutcome> {
    const bytes = this.outcomeBytes(slot);
    if (!bytes.ok) return bytes;
    const outcome = decode(recordOutcomeCodec, bytes.value);
    if (outcome.ok) return outcome;
    const facts = { slot: Number(slot) };
    throw new Fault("STORE_DAMAGED", `the outcome of slot ${slot} is malformed`, facts);
  }

  /** The certificate of the newest commit; undefined before the first. */
  certificate(): Certificate | undefined {
    const { number } = this.#head;
    if (number === 0n) return undefined;
    const held = this.#store.commit(Number(number));
    const certificate = held === undefined ? held : decode(certificateCodec, held.certificate);
    if (certificate?.ok === true) return certificate.value;
    const facts = { commit: Number(number) };
    throw new Fault("STORE_DAMAGED", `the certificate of commit ${number} is malformed`, facts);
  }

  #tilesOf(executed: ExecutedCommit): TreeTile[] {
    const { hasher } = this.execution;
    const { vectorFrontier, outcomeFrontier } = this.#head;
    const vector = { frontier: vectorFrontier, leafHashes: executed.leafHashes };
    const outcome = { frontier: outcomeFrontier, leafHashes: executed.outcomeLeafHashes };
    return [
      ...tilesAfter(hasher, { tree: "vector", ...vector }, this.readTile),
      ...tilesAfter(hasher, { tree: "outcome", ...outcome }, this.readTile),
    ];
  }

  #holds(slot: bigint): boolean {
    return slot >= 0n && slot < this.#head.size;
  }

  #pruned(slot: bigint, floor: number): Outcome<never> {
    return reject("NODE_PRUNED", { slot: String(slot), floor });
  }

  #noSlot(slot: bigint): Outcome<never> {
    return reject("NODE_SLOT", { slot: String(slot), size: String(this.#head.size) });
  }
}
