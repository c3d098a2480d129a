/** Decides what executing a commit takes and gives. */

import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { VerifyEd25519 } from "../certificate/certificate.ts";
import type { Genesis } from "../genesis/genesis.ts";
import type { BuildMemo } from "../index/build-memo.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import type { SlotEffect } from "../outcomes/effects.ts";
import type { CommitRecord } from "../records/payloads.ts";
import type { SignedRecord } from "../records/stored-record.ts";
import type { HashPairs } from "../state/map-page.ts";
import type { TotalsRow } from "../state/rows.ts";
import type { ReadPage, StatePageChange } from "../state/state-view.ts";
import type { Head } from "./head.ts";

/**
 * The 64-byte output of an ECVRF-EDWARDS25519-SHA512-TAI proof, or undefined when the 80-byte proof
 * is not one of this 32-byte key over `alpha`.
 */
export type VerifyVrf = (
  publicKey: Uint8Array,
  alpha: Uint8Array,
  proof: Uint8Array,
) => Uint8Array | undefined;

/** What the rules need from outside; native backends are injected here. */
export interface ExecuteNeeds {
  readonly hasher: Hasher;
  /** Hashes 64-byte pairs in a batch; made from `hasher` when absent. */
  readonly hashPairs?: HashPairs;
  /** Usually `recoverRecord` behind a cache, so that no signature is recovered twice. */
  readonly recoverRecord: (stored: Uint8Array) => Outcome<SignedRecord>;
  readonly verifyVrf: VerifyVrf;
  readonly verifyEd25519: VerifyEd25519;
  /** Builds of the similarity index computed ahead; made on the path when absent. */
  readonly buildMemo?: BuildMemo;
}

/** What a commit is executed against. */
export interface ExecutedParent {
  readonly genesis: Genesis;
  readonly head: Head;
  /** Pages of the state after `head`. */
  readonly readPage: ReadPage;
}

/** When something is due next; absent when nothing waits in that queue. */
export interface NextDue {
  readonly view: bigint | undefined;
  readonly time: bigint | undefined;
}

/** An executed commit: everything to certify, store and announce. Index i is slot firstSlot + i. */
export interface ExecutedCommit {
  readonly head: Head;
  readonly commit: CommitRecord;
  /** Stored bytes of every slot, the commit record first. */
  readonly stored: readonly Uint8Array[];
  /** Leaf hashes of the vector, for tiles. */
  readonly leafHashes: readonly Uint8Array[];
  readonly outcomes: readonly RecordOutcome[];
  readonly outcomeBytes: readonly Uint8Array[];
  readonly outcomeLeafHashes: readonly Uint8Array[];
  readonly effects: readonly SlotEffect[];
  /** Changed pages of state and similarity index; write them with the head in one transaction. */
  readonly pages: readonly StatePageChange[];
  readonly supply: TotalsRow;
  readonly due: NextDue;
}
