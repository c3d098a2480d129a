/** Decides what is answered about sizes, outcomes and states, and how the ledger is pruned. */

import { decode, encode } from "../../codec/index.ts";
import type {
  OutcomeProof,
  Pruned,
  SizeProof,
  StateAnswer,
} from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseAddress } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  recordOutcomeCodec,
  stateKey,
  stateReceiptCodec,
  verifyStateReceipt,
} from "../../ledger/index.ts";
import type { CertificateScheme, Genesis } from "../../ledger/index.ts";
import type { Node } from "../../node/index.ts";

/** What a state is proved with. */
export interface StateNeeds {
  readonly node: Node;
  readonly genesis: Genesis;
  readonly hasher: Hasher;
  readonly scheme: CertificateScheme;
}

/** That the first slots are those of an earlier size. @rejects NODE_SIZE, NODE_PRUNED */
export function proveSize(node: Node, since: number): Outcome<SizeProof> {
  const proof = node.consistency(BigInt(since));
  if (!proof.ok) return proof;
  const { sinceRoot, path, vectorSize, vectorRoot, certifiedCommit } = proof.value;
  return accept({
    since,
    sinceRoot: bytesToHex(sinceRoot),
    path: path.map(bytesToHex),
    vectorSize: Number(vectorSize),
    vectorRoot: bytesToHex(vectorRoot),
    certifiedCommit: Number(certifiedCommit),
  });
}

/** What became of a slot. @rejects NODE_SLOT, NODE_PRUNED, NODE_STATE_EARLY */
export function proveOutcome(node: Node, slot: number): Outcome<OutcomeProof> {
  const proof = node.proveOutcome(BigInt(slot));
  if (!proof.ok) return proof;
  const { outcome, path, outcomeSize, outcomeRoot, namedBy } = proof.value;
  const read = decode(recordOutcomeCodec, outcome);
  if (!read.ok) return read;
  return accept({
    slot,
    outcome: bytesToHex(outcome),
    code: read.value.code,
    path: path.map(bytesToHex),
    outcomeSize: Number(outcomeSize),
    outcomeRoot: bytesToHex(outcomeRoot),
    namedBy: Number(namedBy),
  });
}

/**
 * An account after a commit, its receipt checked as a stranger would.
 * @rejects CRYPTO_ADDRESS, NODE_COMMIT, NODE_STATE_EARLY, NODE_PRUNED
 */
export function accountAt(
  { node, hasher, genesis, scheme }: StateNeeds,
  asked: { readonly account: string; readonly commit?: number | undefined },
): Outcome<StateAnswer> {
  const address = parseAddress(asked.account);
  if (!address.ok) return address;
  const key = stateKey(hasher, "accounts", address.value);
  const commit = asked.commit === undefined ? undefined : BigInt(asked.commit);
  const receipt = node.proveState(key, commit);
  if (!receipt.ok) return receipt;
  const facts = verifyStateReceipt(receipt.value, { hasher, genesis, scheme });
  if (!facts.ok) return facts;
  const state = node.stateAt(facts.value.commit);
  if (!state.ok) return state;
  return accept({
    account: asked.account,
    commit: Number(facts.value.commit),
    present: receipt.value.value !== undefined,
    balanceBase: String(state.value.account(address.value).balanceBase),
    stateRoot: bytesToHex(facts.value.stateRoot),
    namedBy: Number(facts.value.commit) + 1,
    siblings: receipt.value.proof.siblings.map(bytesToHex),
    receipt: bytesToHex(encode(stateReceiptCodec, receipt.value)),
    oldestCommit: node.oldestState(),
  });
}

/** Drops records. @rejects NODE_PRUNE_FLOOR, SNAPSHOT_EARLY */
export async function pruneBelow(node: Node, below: number): Promise<Outcome<Pruned>> {
  if (below === 0) return reject("NODE_PRUNE_FLOOR", { asked: 0 });
  const pruned = await node.prune(BigInt(below));
  if (!pruned.ok) return pruned;
  const { floor, snapshot } = pruned.value;
  return accept({ floor, snapshotCommit: Number(snapshot) });
}
