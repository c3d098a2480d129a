/** Decides the face of a node: what other rooms may ask of it and what it asks of them. */

import type { Outcome } from "../contract/outcome.ts";
import type { SignatureBackend } from "../crypto/index.ts";
import type {
  ExecuteNeeds,
  FeePrices,
  Genesis,
  Head,
  JobRow,
  ListingRow,
  Receipt,
  RecordOutcome,
  SlotEffect,
  StateReceipt,
  Table,
  TotalsRow,
  UnitRow,
  WorkerRow,
} from "../ledger/index.ts";
import type { LightUpdate, RowClaim } from "../ledger/light/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { LedgerStore, StoreFloors } from "../ports/ledger-store.ts";
import type { Log } from "../ports/log.ts";
import type { SignerRecovery } from "../ports/signer-recovery.ts";
import type { VoteLog } from "../ports/vote-log.ts";
import type { HistoryEntry } from "./history/history-entry.ts";
import type { VerifyProgress, VerifyReport } from "./verify/report.ts";

/** The keys of the only validator, as functions: the secrets stay with their owner. */
export interface SealingKeys {
  /** Ed25519 public key, 32 bytes, as in the genesis. */
  readonly consensusKey: Uint8Array;
  readonly vrfKey: Uint8Array;
  /** 64-byte Ed25519 signature. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  /** 80-byte VRF proof. */
  readonly prove: (alpha: Uint8Array) => Uint8Array;
}

/** What decides which ledger a node holds. */
export interface NodeOptions {
  readonly genesis: Genesis;
}

/** What a node works with. The owner of the store and the vote log closes them, after `stop`. */
export interface NodeNeeds {
  readonly store: LedgerStore;
  readonly voteLog: VoteLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly keys: SealingKeys;
  /** Hashes, signatures and proofs; native ones are injected here. */
  readonly crypto: Pick<ExecuteNeeds, "hasher" | "hashPairs" | "verifyVrf" | "verifyEd25519"> & {
    readonly signatures: Pick<SignatureBackend, "recover">;
    /** Recovers beside this thread's work; without it `signatures` does, in between. */
    readonly recovery?: SignerRecovery;
  };
  /**
   * Makes a snapshot of the stored ledger in a process of its own; without it the node does, and
   * answers nobody until it is made.
   */
  readonly snapshotApart?: () => Promise<Outcome<MadeSnapshot>>;
  /** Told once when sealing ends because the world failed; nothing acknowledged is lost. */
  readonly onFault?: (error: unknown) => void;
}

/** A record that is final and stored. */
export interface SealedRecord {
  readonly id: Uint8Array;
  readonly slot: bigint;
  readonly outcome: RecordOutcome;
}

/** A commit that is final and stored. Times are commit time in milliseconds. */
export interface CommitNews {
  readonly number: bigint;
  readonly firstSlot: bigint;
  readonly time: bigint;
  readonly effects: readonly SlotEffect[];
}

/** Money and bond of an account. */
export interface AccountView {
  readonly balanceBase: bigint;
  /** Absent when the account never had a bond. */
  readonly worker: WorkerRow | undefined;
}

/** A job or unit with its id. */
export interface JobView extends JobRow {
  readonly id: Uint8Array;
}
export interface UnitView extends UnitRow {
  readonly id: Uint8Array;
}

/** A record's stored bytes and outcome bytes are proved by `receipt`; this is the short proof. */
export interface SlotProof {
  readonly slot: bigint;
  readonly leafHash: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly vectorSize: bigint;
  readonly vectorRoot: Uint8Array;
  /** Number of the commit whose certificate signs that root. */
  readonly certifiedCommit: bigint;
}

/** That the vector of an earlier size is the beginning of the certified one. */
export interface SizeProof {
  readonly since: bigint;
  readonly sinceRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly vectorSize: bigint;
  readonly vectorRoot: Uint8Array;
  readonly certifiedCommit: bigint;
}

/** What became of a slot, and its path in the outcome tree. */
export interface OutcomeProof {
  readonly slot: bigint;
  readonly outcome: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly outcomeSize: bigint;
  readonly outcomeRoot: Uint8Array;
  /** Number of the commit whose record names that root. */
  readonly namedBy: bigint;
}

/** Rows of one state. */
export interface StateReader {
  account(address: Uint8Array): AccountView;
  job(id: Uint8Array): JobView | undefined;
  unit(id: Uint8Array): UnitView | undefined;
  listing(number: number): ListingRow | undefined;
  totals(): TotalsRow;
  /** A row of any table. */
  row<R>(table: Table<R>, id: Uint8Array): R | undefined;
}

/** A snapshot's bytes, and which commit it is of. */
export interface MadeSnapshot {
  readonly commit: number;
  /** Slots up to and with that commit. */
  readonly slots: number;
  readonly bytes: Uint8Array;
}

/** What a pruning left. */
export interface Pruned {
  /** First slot whose record is held. */
  readonly floor: number;
  /** Commit whose snapshot is kept to start from. */
  readonly snapshot: bigint;
}

/** What the local index lists beside jobs, units and history; at most 1,000 each. */
export interface LedgerLists {
  /** Slots that concern an account, ascending: the leaves of its feed. */
  feed(address: Uint8Array, limit: number): readonly bigint[];
  /** Those from a slot on. */
  feedFrom(address: Uint8Array, from: bigint, limit: number): readonly bigint[];
  /** The account with the next higher address that some slot concerns; without one, the first. */
  accountAfter(address?: Uint8Array): Uint8Array | undefined;
  /** Ids of the records that gave an account a subject's keys, newest first. */
  grants(subject: Uint8Array, to: Uint8Array, limit: number): readonly Uint8Array[];
  /** Ids of publications, newest first; some may have been taken back. */
  publications(limit: number): readonly Uint8Array[];
}

/** A commit record that is said to hold a slot; its bytes are gone where it was pruned. */
export interface CommitClaim {
  readonly slot: bigint;
  readonly stored: Uint8Array | undefined;
  readonly path: readonly Uint8Array[];
}

/** What shows a slot to somebody who trusts a commit: its record, its outcome, who holds it. */
export interface SlotClaims {
  readonly slot: bigint;
  /** Undefined where the record was pruned; its hash is still proved. */
  readonly stored: Uint8Array | undefined;
  readonly leafHash: Uint8Array;
  readonly path: readonly Uint8Array[];
  /** Absent while the trusted commit names no outcome root over the slot. */
  readonly outcome?: { readonly bytes: Uint8Array; readonly path: readonly Uint8Array[] };
  readonly heldBy: CommitClaim;
}

/** Serves those who hold no ledger and check everything against a commit they trust. */
export interface LightServer {
  /**
   * Updates from a commit (0 for the genesis) to the newest, in order, at most 32.
   * @rejects NODE_COMMIT, NODE_PRUNED where the way goes through what is no longer held
   */
  updates(from: bigint): Outcome<readonly LightUpdate[]>;
  /** The update that begins at a named commit. @rejects NODE_COMMIT, NODE_PRUNED */
  start(commit: bigint): Outcome<LightUpdate>;
  /** Claims about a slot against a commit's roots. @rejects NODE_COMMIT, NODE_SLOT, NODE_PRUNED */
  slot(slot: bigint, commit: bigint): Outcome<SlotClaims>;
  /** Rows by key in the state that a commit names. @rejects NODE_COMMIT, NODE_PRUNED */
  rows(keys: readonly Uint8Array[], commit: bigint): Outcome<readonly RowClaim[]>;
  /** First slot of a commit. @rejects NODE_COMMIT, NODE_PRUNED */
  firstSlot(commit: bigint): Outcome<bigint>;
}

/** A full node of a ledger with one validator, which it is itself. */
export interface Node {
  /**
   * Opens the ledger where the store left it, finishes a commit that was signed but not stored, and
   * begins to seal. Throws Fault NODE_GENESIS, NODE_KEY, NODE_SIGN_GUARD, STORE_*.
   */
  start(): Promise<void>;
  /** Finishes the commit under way; records still waiting are refused with NODE_STOPPED. */
  stop(): Promise<void>;
  /** The newest commit that is final and stored. */
  head(): Head;
  genesisHash(): Uint8Array;
  /** Money of the whole ledger. */
  supply(): TotalsRow;
  /**
   * Resolves when the record's commit is final and stored; its outcome's code may still be a
   * refusal. The same bytes submitted twice wait for the same slot.
   * @rejects NODE_STOPPED, NODE_MEMPOOL_FULL, NODE_ACCOUNT_FULL, LEDGER_* of admission, CODEC_*
   */
  submit(stored: Uint8Array): Promise<Outcome<SealedRecord>>;
  account(address: Uint8Array): AccountView;
  /** What records cost in the next commit; `quoteFee` says what one costs. */
  prices(): FeePrices;
  /** The nonce the lane's next record has, counting those that wait. */
  nextNonce(address: Uint8Array, lane: number): bigint;
  job(id: Uint8Array): JobView | undefined;
  unit(id: Uint8Array): UnitView | undefined;
  /** Listing n of the genesis, from 1. */
  listing(number: number): ListingRow | undefined;
  /** Called after each stored commit, in order; answers how to end it. */
  onCommit(listener: (news: CommitNews) => void): () => void;
  /** Newest first. */
  jobs(limit: number): readonly JobView[];
  /** Newest first. Jobs and units that left the state are answered as they were last. */
  units(limit: number): readonly UnitView[];
  /** Units of one job, newest first. */
  unitsOf(job: Uint8Array, limit: number): readonly UnitView[];
  /** What happened to an account, newest first. */
  history(address: Uint8Array, limit: number): readonly HistoryEntry[];
  /** For those who hold no ledger. */
  readonly light: LightServer;
  /** More of the local index. */
  readonly lists: LedgerLists;
  /** From where on records and hashes are held. */
  floors(): StoreFloors;
  /** The oldest commit whose state can be read. */
  oldestState(): number;
  /**
   * Rows as they were after a commit; what comes later does not change what is read.
   * @rejects NODE_COMMIT, NODE_PRUNED for one older than the retention
   */
  stateAt(commit: bigint): Outcome<StateReader>;
  /**
   * What shows a row of the state (`stateKey`) after a commit, or that there was none; the newest
   * provable commit unless given. @rejects NODE_COMMIT, NODE_STATE_EARLY, NODE_PRUNED
   */
  proveState(key: Uint8Array, commit?: bigint): Outcome<StateReceipt>;
  /**
   * Drops the records below a slot (rounded down to 256) and frees their space. A snapshot of the
   * newest provable commit is kept, from which the rest can be executed again.
   * @rejects NODE_PRUNE_FLOOR, SNAPSHOT_EARLY, NODE_PRUNED
   */
  prune(below: bigint): Promise<Outcome<Pruned>>;
  /** Stored bytes of a slot. @rejects NODE_SLOT, NODE_PRUNED */
  record(slot: bigint): Outcome<Uint8Array>;
  /** @rejects NODE_SLOT, NODE_PRUNED */
  outcome(slot: bigint): Outcome<RecordOutcome>;
  /** The slot of a record by its id; undefined when it is not in the ledger. */
  slotOf(id: Uint8Array): bigint | undefined;
  /** Inclusion in the vector of the newest certificate. @rejects NODE_SLOT, NODE_PRUNED */
  prove(slot: bigint): Outcome<SlotProof>;
  /** Inclusion in the newest named outcomes. @rejects NODE_SLOT, NODE_PRUNED, NODE_STATE_EARLY */
  proveOutcome(slot: bigint): Outcome<OutcomeProof>;
  /** That nothing before a size was changed since. @rejects NODE_SIZE, NODE_PRUNED */
  consistency(since: bigint): Outcome<SizeProof>;
  /**
   * Waits for a commit that names an outcome root over the slot, sealing one if none comes.
   * @rejects NODE_SLOT, NODE_STOPPED, NODE_PRUNED
   */
  receipt(slot: bigint): Promise<Outcome<Receipt>>;
  /** Checks everything from the disk again, independent of the state it holds. */
  verify(onProgress?: (progress: VerifyProgress) => void): Promise<VerifyReport>;
}
