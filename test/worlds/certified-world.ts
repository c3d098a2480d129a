/** Certifies the commits of a practice world and makes receipts from its memory. */

import { ed25519Verify, leafHash, nodeHash, sha256 } from "../../src-main/crypto/index.ts";
import type { ReadSubtree } from "../../src-main/crypto/index.ts";
import {
  buildReceipt,
  certificateOf,
  ed25519Scheme,
  statementMessage,
  statementOf,
} from "../../src-main/ledger/index.ts";
import type { Certificate, ExecutedCommit, Receipt } from "../../src-main/ledger/index.ts";
import { must, secretOf } from "./practice-world.ts";
import type { PracticeWorld } from "./practice-world.ts";

export const scheme = ed25519Scheme(ed25519Verify);

/** The finalization of a commit by the only validator. */
export function certify(
  world: PracticeWorld,
  commit: ExecutedCommit,
  kind: "notarize" | "finalize" = "finalize",
): Certificate {
  const { parentView } = commit.commit.payload;
  const statement = statementOf(kind, commit.head, parentView);
  const signature = world.ed25519(secretOf("validator"), statementMessage(statement));
  const vote = { statement, validator: 0, signature };
  return must(certificateOf([vote], world.genesis.validators, scheme));
}

function readerOf(leaves: readonly Uint8Array[]): ReadSubtree {
  const read: ReadSubtree = (level, index) => {
    if (level === 0) return leaves[index];
    return nodeHash(sha256, read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
  };
  return read;
}

/** The receipt for a slot from the newest commit of the world. */
export function receiptFor(world: PracticeWorld, slot: bigint): Receipt {
  const newest = world.commits.at(-1);
  if (newest === undefined) throw new Error("the world has commits");
  const stored = world.commits.flatMap((commit) => commit.stored);
  const outcomes = world.commits.flatMap((commit) => commit.outcomeBytes);
  return buildReceipt(sha256, {
    slot,
    stored: stored[Number(slot)],
    outcome: outcomes[Number(slot)],
    commitSlot: newest.head.firstSlot,
    commit: newest.stored[0],
    certificate: certify(world, newest),
    readVector: readerOf(stored.map((bytes) => leafHash(sha256, bytes))),
    readOutcomes: readerOf(outcomes.map((bytes) => leafHash(sha256, bytes))),
  });
}
