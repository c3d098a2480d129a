/**
 * Decides what a proposer states in the first slot of a commit, and whether a stated one follows
 * its parent (ARCHITECTURE.md section 6, "Commits").
 */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Genesis } from "../genesis/genesis.ts";
import { COMMIT_RECORDS_MAX } from "../limits.ts";
import type { CommitRecord } from "../records/payloads.ts";
import type { StoredCommit } from "../records/stored-record.ts";
import { beaconAlpha, beaconOf } from "./beacon.ts";
import type { Head } from "./head.ts";
import type { ExecuteNeeds } from "./types.ts";

/**
 * The epoch of the commit after `parent`: whole epochs of commit time since the genesis. The
 * parent's time counts, so a proposer cannot choose its epoch; views go on across epochs.
 */
export function epochAfter(genesis: Genesis, parent: Head): bigint {
  return (parent.time - genesis.time) / genesis.constants.epochMs;
}

/** Least time of the commit after `parent`. */
export function leastCommitTime(genesis: Genesis, parent: Head): bigint {
  const { commitIntervalMs } = genesis.constants;
  return parent.time + (commitIntervalMs > 0n ? commitIntervalMs : 1n);
}

/** What a proposer decides about its commit. */
export interface CommitProposal {
  readonly view: bigint;
  readonly time: bigint;
  /** Index into the validator set. */
  readonly proposer: number;
  /** 80-byte proof over `beaconAlpha` of this commit's epoch and view. */
  readonly vrfProof: Uint8Array;
  /** Records beside the commit record. */
  readonly recordCount: number;
}

/** The commit record of a proposal, ready to be signed. */
export function commitRecordAfter(
  genesis: Genesis,
  parent: Head,
  proposal: CommitProposal,
): CommitRecord {
  const number = parent.number + 1n;
  return {
    account: genesis.validators[proposal.proposer].address,
    lane: 0,
    nonce: number,
    validUntil: 0n,
    maxFee: 0n,
    payload: {
      kind: "commit",
      genesisHash: parent.genesisHash,
      number,
      epoch: epochAfter(genesis, parent),
      view: proposal.view,
      parentView: parent.view,
      firstSlot: parent.size,
      recordCount: proposal.recordCount,
      time: proposal.time,
      proposer: proposal.proposer,
      vrfProof: proposal.vrfProof,
      ruleVersion: genesis.ruleVersion,
      stateRoot: parent.stateRoot,
      outcomeRoot: parent.outcomeRoot,
      indexRoot: parent.indexRoot,
    },
  };
}

type Facts = { readonly genesis: Genesis; readonly parent: Head; readonly commit: CommitRecord };

/** What must hold of a commit record, each with the code of its breach. */
const RULES: readonly (readonly [string, (facts: Facts) => boolean])[] = [
  [
    "LEDGER_COMMIT_NETWORK",
    ({ parent, commit }) => bytesEqual(commit.payload.genesisHash, parent.genesisHash),
  ],
  ["LEDGER_COMMIT_NUMBER", ({ parent, commit }) => commit.payload.number === parent.number + 1n],
  [
    "LEDGER_COMMIT_EPOCH",
    ({ genesis, parent, commit }) => commit.payload.epoch === epochAfter(genesis, parent),
  ],
  [
    "LEDGER_COMMIT_VIEW",
    ({ parent, commit }) =>
      commit.payload.view > parent.view && commit.payload.parentView === parent.view,
  ],
  ["LEDGER_COMMIT_SLOT", ({ parent, commit }) => commit.payload.firstSlot === parent.size],
  [
    "LEDGER_COMMIT_TIME",
    ({ genesis, parent, commit }) => commit.payload.time >= leastCommitTime(genesis, parent),
  ],
  [
    "LEDGER_COMMIT_RULES",
    ({ genesis, commit }) => commit.payload.ruleVersion === genesis.ruleVersion,
  ],
  [
    "LEDGER_COMMIT_ROOTS",
    ({ parent, commit }) =>
      bytesEqual(commit.payload.stateRoot, parent.stateRoot) &&
      bytesEqual(commit.payload.outcomeRoot, parent.outcomeRoot) &&
      bytesEqual(commit.payload.indexRoot, parent.indexRoot),
  ],
  [
    "LEDGER_COMMIT_PROPOSER",
    ({ genesis, commit }) => {
      const validator = genesis.validators[commit.payload.proposer];
      return validator !== undefined && bytesEqual(commit.account, validator.address);
    },
  ],
  ["LEDGER_COMMIT_COUNT", ({ commit }) => commit.payload.recordCount <= COMMIT_RECORDS_MAX],
];

/**
 * Checks that a commit record follows its parent; answers its beacon.
 * @cost    one Ed25519 and one VRF verification
 * @rejects LEDGER_COMMIT_*, one for each rule
 */
export function checkCommitRecord(
  genesis: Genesis,
  parent: Head,
  stored: StoredCommit,
  needs: ExecuteNeeds,
): Outcome<Uint8Array> {
  const commit = stored.record;
  const broken = RULES.find(([, holds]) => !holds({ genesis, parent, commit }));
  if (broken !== undefined) return reject(broken[0]);
  const { epoch, view, proposer, vrfProof } = commit.payload;
  const { consensusKey, vrfKey } = genesis.validators[proposer];
  if (!needs.verifyEd25519(consensusKey, stored.digest, stored.signature)) {
    return reject("LEDGER_COMMIT_SIGNATURE");
  }
  const alpha = beaconAlpha(parent.genesisHash, epoch, view);
  const output = needs.verifyVrf(vrfKey, alpha, vrfProof);
  if (output === undefined) return reject("LEDGER_COMMIT_VRF");
  return accept(beaconOf(needs.hasher, output));
}
