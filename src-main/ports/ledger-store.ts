/**
 * Decides what a node asks of the place it keeps its ledger in. Bytes only: the store knows slots,
 * keys and sizes, and nothing of what records mean. Finalized commits only; a commit is stored
 * whole or not at all (ARCHITECTURE.md section 6, "Store").
 */

/** Slots one commit may add: its commit record and 4,096 records. */
export const STORE_APPEND_MAX = 4_097;

/** The two trees a store keeps tiles of. */
export type TreeName = "vector" | "outcome";

/** 256 hashes of one level of a tree (C2SP tlog-tiles); fewer only at the right edge. */
export interface TreeTile {
  readonly tree: TreeName;
  /** Level 0 holds leaf hashes, level n the roots of subtrees of 256^n leaves. */
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** A page of the state to write, or to delete where `bytes` is undefined. */
export interface PageChange {
  readonly key: Uint8Array;
  readonly bytes: Uint8Array | undefined;
}

/** A row of a local index: found again by prefix, in the order of its key. */
export interface IndexRow {
  readonly key: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Everything one commit changes. */
export interface CommitBatch {
  /** Commit number, from 1; the one after the last stored. */
  readonly number: number;
  /** Equal to the store's size. */
  readonly firstSlot: number;
  /** Stored bytes of each slot, at most 65,535 bytes each. */
  readonly records: readonly Uint8Array[];
  /** As many as records. */
  readonly outcomes: readonly Uint8Array[];
  readonly pages: readonly PageChange[];
  readonly tiles: readonly TreeTile[];
  readonly index: readonly IndexRow[];
  readonly certificate: Uint8Array;
  readonly head: Uint8Array;
}

/** From where on things are held; everything is 0 in a ledger that was never pruned. */
export interface StoreFloors {
  /** First slot whose record is held. */
  readonly payloads: number;
  /** First slot whose outcome, and whose hashes below the right edges, are held. */
  readonly hashes: number;
  /** First commit whose certificate is held, less one: the commit a restored ledger began after. */
  readonly commits: number;
}

/** Hashes `first` to `first + count` of a tile. */
export interface TilePart {
  readonly tree: TreeName;
  readonly level: number;
  readonly index: number;
  readonly first: number;
  readonly count: number;
}

/** What a ledger begins with that was restored, not lived through. */
export interface StoreBase {
  /** Slots before it; their records, outcomes and hashes are not held. */
  readonly slots: number;
  /** Number of its newest commit. */
  readonly commits: number;
  /** The tiles at the right edges, as far as they are hashed. */
  readonly tiles: readonly TreeTile[];
  /** Bytes of the snapshot it came from, kept to be checked again. */
  readonly snapshot: Uint8Array;
}

/** What a pruning leaves behind. */
export interface StorePruning {
  /** First slot whose record stays; a multiple of 256, above the floor so far, at most `size()`. */
  readonly below: number;
  /** Tiles without which the pruned slots could not be proved any more. */
  readonly tiles: readonly TreeTile[];
  /** Bytes of a snapshot of a commit at or above `below`. */
  readonly snapshot: Uint8Array;
}

/** A ledger's store, open and owned by this process alone. Reads see the last stored commit. */
export interface LedgerStore {
  /** Slots stored, pruned ones included. */
  size(): number;
  /** Number of the newest commit; 0 before the first. */
  commits(): number;
  floors(): StoreFloors;
  /** The snapshot of the last pruning, or that the ledger was restored from. */
  snapshot(): Uint8Array | undefined;
  /** What the last commit (or `begin`) gave as head; undefined in a new store. */
  head(): Uint8Array | undefined;
  /**
   * Writes the state of a genesis, which has no slot, or of a snapshot, which has some: only into
   * a store without a head.
   */
  begin(head: Uint8Array, pages: readonly PageChange[], base?: StoreBase): Promise<void>;
  /**
   * Resolves when the commit would survive a power cut; else throws a Fault and holds what it held
   * before: STORE_DISK_FULL, STORE_READ_ONLY, STORE_FAILED.
   */
  append(batch: CommitBatch): Promise<void>;
  /**
   * Drops the records below a slot and frees their space; hashes and outcomes stay. The new floor
   * and what replaces the records are durable before any of their bytes go.
   */
  prune(pruning: StorePruning): Promise<void>;
  /** Stored bytes of a slot below `size()`. Throws Fault STORE_DAMAGED, STORE_PRUNED. */
  record(slot: number): Uint8Array;
  /** Outcome bytes of a slot below `size()`. Throws Fault STORE_DAMAGED, STORE_PRUNED likewise. */
  outcome(slot: number): Uint8Array;
  page(key: Uint8Array): Uint8Array | undefined;
  /**
   * A page as it was after a commit, whatever was stored since.
   * Throws Fault STORE_PRUNED for a commit before `oldestState()`.
   */
  pageAt(commit: number, key: Uint8Array): Uint8Array | undefined;
  /** Every page as it was after a commit, in no stated order. Throws Fault STORE_PRUNED. */
  pagesAt(commit: number): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }>;
  /** The oldest commit whose state `pageAt` still answers. */
  oldestState(): number;
  /** Every page, in the order of their keys. */
  pages(): Iterable<{ readonly key: Uint8Array; readonly bytes: Uint8Array }>;
  /** Certificate and first slot of a commit; undefined when there is none of that number. */
  commit(
    number: number,
  ): { readonly firstSlot: number; readonly certificate: Uint8Array } | undefined;
  /** The hashes of a tile; undefined when it has to be derived again. */
  tile(tree: TreeName, level: number, index: number): Uint8Array | undefined;
  /**
   * Some hashes of a complete tile, joined, without reading all of it; undefined where that is not
   * faster, or the tile has to be derived again.
   */
  tilePart(place: TilePart): Uint8Array | undefined;
  /** Moves complete tiles into their files; safe to skip, safe to repeat. */
  settleTiles(): Promise<void>;
  /** Rows whose key begins with `prefix` and is above `after`, by key, at most `limit`. */
  index(prefix: Uint8Array, limit: number, after?: Uint8Array): IndexRow[];
  /** Drops every index row and writes these, for an index derived again. */
  replaceIndex(rows: Iterable<IndexRow>): Promise<void>;
  /** Syncs and lets another process open the folder. */
  close(): Promise<void>;
}

/** A store that another process holds, as it stood when it was opened, to be read only. */
export type LedgerReader = Omit<
  LedgerStore,
  "begin" | "append" | "prune" | "settleTiles" | "replaceIndex"
>;
