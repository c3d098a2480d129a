/**
 * Decides whether a snapshot is the state of a network: every root in it is computed again and
 * must be the one that a certified commit names. Whoever checks knows the network's genesis hash
 * and nothing else.
 */

import { bytesEqual, bytesToHex, compareBytes } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash } from "../../crypto/index.ts";
import type { Hasher, MerkleFrontier } from "../../crypto/index.ts";
import { verifyCertificate } from "../certificate/certificate.ts";
import type { Certificate, CertificateScheme } from "../certificate/certificate.ts";
import { beaconAlpha, beaconOf } from "../execute/beacon.ts";
import type { Head } from "../execute/head.ts";
import type { VerifyVrf } from "../execute/types.ts";
import { genesisHash } from "../genesis/genesis.ts";
import type { Genesis } from "../genesis/genesis.ts";
import type { CommitRecord } from "../records/payloads.ts";
import { decodeStoredCommit } from "../records/stored-record.ts";
import type { StoredCommit } from "../records/stored-record.ts";
import { updateStateMap } from "../state/map.ts";
import type { HashPairs } from "../state/map-page.ts";
import type { StatePageChange } from "../state/state-view.ts";
import { checkIndexPages } from "./check-index-pages.ts";
import { edgePlaces, frontierOfEdges } from "./edges.ts";
import type { EdgeTile } from "./edges.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a snapshot is checked with. */
export interface SnapshotContext {
  readonly hasher: Hasher;
  readonly hashPairs?: HashPairs;
  /** The network that is expected. */
  readonly genesisHash: Uint8Array;
  readonly scheme: CertificateScheme;
  readonly verifyVrf: VerifyVrf;
}

/** A state that is the network's. */
export interface CheckedSnapshot {
  readonly genesis: Genesis;
  /** Commit k, whose state this is. */
  readonly head: Head;
  /** Everything to write into a new store. */
  readonly pages: readonly StatePageChange[];
  readonly vectorEdges: readonly EdgeTile[];
  readonly outcomeEdges: readonly EdgeTile[];
  /** Commit k+1, to be executed on it. */
  readonly naming: readonly Uint8Array[];
  readonly namingCertificate: Certificate;
}

/**
 * Checks a snapshot; never throws on a decoded one.
 * @cost    hashes every row and every page of the map once
 * @rejects SNAPSHOT_NETWORK, SNAPSHOT_COMMIT, SNAPSHOT_EDGE, SNAPSHOT_STATE, SNAPSHOT_INDEX,
 *          LEDGER_CERTIFICATE_*
 */
export function checkSnapshot(
  snapshot: Snapshot,
  context: SnapshotContext,
): Outcome<CheckedSnapshot> {
  const { hasher } = context;
  const { genesis } = snapshot;
  const hash = genesisHash(hasher, genesis);
  if (!bytesEqual(hash, context.genesisHash)) {
    return reject("SNAPSHOT_NETWORK", { genesis: bytesToHex(hash) });
  }
  const commits = certifiedCommits(snapshot, context);
  if (!commits.ok) return commits;
  const { commit, naming, beacon } = commits.value;
  const { vectorRoot } = snapshot.certificate.statement;
  const size = naming.firstSlot;
  const { vectorEdges, outcomeEdges } = snapshot;
  const vector = frontierOfEdges(hasher, Number(size), vectorEdges);
  const outcomes = frontierOfEdges(hasher, Number(size), outcomeEdges);
  if (vector === undefined || !bytesEqual(vector.root(), vectorRoot)) {
    return reject("SNAPSHOT_EDGE", { tree: "vector" });
  }
  if (outcomes === undefined || !bytesEqual(outcomes.root(), naming.outcomeRoot)) {
    return reject("SNAPSHOT_EDGE", { tree: "outcome" });
  }
  if (!endsWith(vector, snapshot, hasher)) return reject("SNAPSHOT_COMMIT", { commit: "naming" });
  const pages = statePages(snapshot, naming, context);
  if (!pages.ok) return pages;
  const { number, epoch, view, firstSlot, time } = commit.record.payload;
  const head: Head = {
    ...{ genesisHash: hash, number, epoch, view, firstSlot, size, time },
    commitDigest: commit.digest,
    vectorRoot,
    stateRoot: naming.stateRoot,
    outcomeRoot: naming.outcomeRoot,
    indexRoot: naming.indexRoot,
    beacon,
    vectorFrontier: vector.serialise(),
    outcomeFrontier: outcomes.serialise(),
  };
  return accept({
    genesis,
    head,
    pages: pages.value,
    vectorEdges: edgeTiles(Number(size), vectorEdges),
    outcomeEdges: edgeTiles(Number(size), outcomeEdges),
    naming: snapshot.naming,
    namingCertificate: snapshot.namingCertificate,
  });
}

interface CertifiedCommits {
  readonly commit: StoredCommit;
  readonly naming: CommitRecord["payload"];
  readonly beacon: Uint8Array;
}

/** Both commits' records, each the one its certificate finalizes, one after the other. */
function certifiedCommits(
  snapshot: Snapshot,
  { hasher, genesisHash: hash, scheme, verifyVrf }: SnapshotContext,
): Outcome<CertifiedCommits> {
  const { genesis } = snapshot;
  const pairs = [
    [snapshot.commit, snapshot.certificate],
    [snapshot.naming[0] ?? new Uint8Array(0), snapshot.namingCertificate],
  ] as const;
  const found: StoredCommit[] = [];
  for (const [bytes, certificate] of pairs) {
    const { validators } = genesis;
    const checked = verifyCertificate(certificate, { genesisHash: hash, validators, scheme });
    if (!checked.ok) return checked;
    const commit = decodeStoredCommit(bytes, hasher);
    if (!commit.ok) return reject("SNAPSHOT_COMMIT", { because: commit.rejection.code });
    const { firstSlot, recordCount } = commit.value.record.payload;
    const { kind, commitDigest, vectorSize } = checked.value;
    const finalized = kind === "finalize" && bytesEqual(commit.value.digest, commitDigest);
    if (!finalized || firstSlot + 1n + BigInt(recordCount) !== vectorSize) {
      return reject("SNAPSHOT_COMMIT", { slot: String(firstSlot) });
    }
    found.push(commit.value);
  }
  const [commit, { record }] = found;
  const first = commit.record.payload;
  const naming = record.payload;
  const follows =
    naming.number === first.number + 1n &&
    naming.parentView === first.view &&
    naming.firstSlot === snapshot.certificate.statement.vectorSize &&
    snapshot.naming.length === naming.recordCount + 1;
  if (!follows) return reject("SNAPSHOT_COMMIT", { commit: String(naming.number) });
  const validator = genesis.validators[first.proposer];
  const alpha = beaconAlpha(hash, first.epoch, first.view);
  const output = validator && verifyVrf(validator.vrfKey, alpha, first.vrfProof);
  if (output === undefined) return reject("SNAPSHOT_COMMIT", { what: "its VRF proof" });
  return accept({ commit, naming, beacon: beaconOf(hasher, output) });
}

/** Whether the vector with the naming commit's records is the one its certificate signs. */
function endsWith(vector: MerkleFrontier, snapshot: Snapshot, hasher: Hasher): boolean {
  const grown = vector.copy();
  for (const record of snapshot.naming) grown.append(leafHash(hasher, record));
  const { vectorRoot, vectorSize } = snapshot.namingCertificate.statement;
  return BigInt(grown.size) === vectorSize && bytesEqual(grown.root(), vectorRoot);
}

function statePages(
  { rows, indexPages }: Snapshot,
  { stateRoot, indexRoot }: CommitRecord["payload"],
  context: SnapshotContext,
): Outcome<readonly StatePageChange[]> {
  const { hasher, hashPairs } = context;
  const ascend = <T extends { readonly key: Uint8Array }>(all: readonly T[]) =>
    all.every(({ key }, at) => at === 0 || compareBytes(all[at - 1].key, key) < 0);
  if (!ascend(rows)) return reject("SNAPSHOT_STATE", { what: "the order of rows" });
  const needs = { hasher, hashPairs, readPage: () => undefined };
  const { root, pages } = updateStateMap(needs, rows);
  if (!bytesEqual(root, stateRoot)) return reject("SNAPSHOT_STATE", { rows: rows.length });
  const index = ascend(indexPages) ? checkIndexPages({ hasher, hashPairs }, indexPages) : undefined;
  if (index === undefined || !bytesEqual(index, indexRoot)) {
    return reject("SNAPSHOT_INDEX", { pages: indexPages.length });
  }
  return accept([...pages, ...indexPages]);
}

function edgeTiles(size: number, edges: readonly Uint8Array[]): EdgeTile[] {
  return edgePlaces(size)
    .map(({ level, index }) => ({ level, index, hashes: edges[level] }))
    .filter(({ hashes }) => hashes.length > 0);
}
