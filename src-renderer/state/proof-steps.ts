/**
 * Decides how a proof is walked in the page: leaf, then one hash per level, each computed here
 * (RFC 9162, section 2.1.3.2), so that what is drawn is what was recomputed.
 */

import { bytesEqual, bytesToHex } from "../../src-main/contract/bytes.ts";
import { nodeHash } from "../../src-main/crypto/merkle/node-hashes.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";

/** One level: on which side the sibling stands, its hash, and the hash of both. */
export interface ProofStep {
  readonly side: "left" | "right";
  readonly sibling: string;
  readonly hash: string;
}

/** A walked proof. */
export interface WalkedProof {
  readonly leaf: string;
  readonly steps: readonly ProofStep[];
  readonly root: string;
  /** True when the walk ends at the root that was given. */
  readonly holds: boolean;
}

/** What is walked: the leaf's hash, its index in a tree of a size, and the siblings. */
export interface ProofToWalk {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Walks a proof to its end. */
export function walkProof(path: ProofToWalk): WalkedProof {
  const steps: ProofStep[] = [];
  let node = path.index;
  let last = path.size - 1;
  let hash = path.leafHash;
  for (const sibling of path.proof) {
    if (last === 0) break;
    const isRight = node % 2 === 1 || node === last;
    hash = isRight ? nodeHash(sha256, sibling, hash) : nodeHash(sha256, hash, sibling);
    steps.push({
      side: isRight ? "left" : "right",
      sibling: bytesToHex(sibling),
      hash: bytesToHex(hash),
    });
    if (isRight) {
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  const whole = last === 0 && steps.length === path.proof.length && path.index < path.size;
  return {
    leaf: bytesToHex(path.leafHash),
    steps,
    root: bytesToHex(path.root),
    holds: whole && bytesEqual(hash, path.root),
  };
}
