/** Decides what a miner needs of the world; the composition brings node, disk and keys to it. */

import type { Outcome } from "../contract/outcome.ts";
import type { Hasher } from "../crypto/index.ts";
import type {
  FeePrices,
  JobRow,
  RecordOutcome,
  SignDigest,
  SlotEffect,
  UnitRow,
} from "../ledger/index.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { Log } from "../ports/log.ts";
import type { ForkChild } from "./messages/child-port.ts";

/** A record that is final and stored. */
export interface MinerRecord {
  readonly id: Uint8Array;
  readonly slot: bigint;
  readonly outcome: RecordOutcome;
}

/** A commit that is final and stored. */
export interface MinerCommit {
  readonly number: bigint;
  readonly effects: readonly SlotEffect[];
}

/** What a miner needs of a node; `Node` has all of it. */
export interface MinerLedger {
  genesisHash(): Uint8Array;
  submit(stored: Uint8Array): Promise<Outcome<MinerRecord>>;
  nextNonce(address: Uint8Array, lane: number): bigint;
  /** What records cost in the next commit. */
  prices(): FeePrices;
  job(id: Uint8Array): JobRow | undefined;
  unit(id: Uint8Array): UnitRow | undefined;
  /** Newest first. */
  units(limit: number): readonly (UnitRow & { readonly id: Uint8Array })[];
  onCommit(listener: (commit: MinerCommit) => void): () => void;
}

/** An account that signs records on its own lane. The secret stays with its owner. */
export interface AccountSigner {
  readonly address: Uint8Array;
  readonly lane: number;
  readonly sign: SignDigest;
}

/** A verifier's account, and the key that says which segments it was told to check. */
export interface VerifierSigner extends AccountSigner {
  readonly prove: (alpha: Uint8Array) => {
    readonly proof: Uint8Array;
    readonly output: Uint8Array;
  };
}

/** What a unit's training cost. */
export interface StatedEnergy {
  /** 1 (E) to 5 (A): the weakest of what the figure rests on. */
  readonly tier: number;
  readonly millijoules: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** What this machine knows of its own energy. */
export interface UnitEnergyMeter {
  /** Tier that a figure of the training device would have now; 0 where nothing counts it. */
  tier(): number;
  /** What a unit (64 hex digits) cost, once that is known; null where nothing counted it. */
  energyOf(unit: string): Promise<StatedEnergy | null>;
}

/** What a miner works with. */
export interface MinerNeeds {
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly blobs: BlobStore;
  readonly ledger: MinerLedger;
  readonly fork: ForkChild;
  /** Absent where this machine does not train. */
  readonly worker?: AccountSigner;
  /** Absent where this machine does not verify. */
  readonly verifier?: VerifierSigner;
  /** File of a data set by its root; undefined when it is not on this machine. */
  readonly datasetPath: (root: Uint8Array) => string | undefined;
  /** File of the state a job begins with, by its root; absent where none is ever kept. */
  readonly startPath?: (root: Uint8Array) => string | undefined;
  /** Absent where no energy is counted; jobs that demand to know it are not begun then. */
  readonly energy?: UnitEnergyMeter;
  /** The name a job is shown under. */
  readonly jobName: (job: JobRow) => string;
}
