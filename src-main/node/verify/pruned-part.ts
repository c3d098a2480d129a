/**
 * Decides how the part of a ledger is checked whose records are gone: nothing there can be executed
 * again, but every hash that is held must lead to the roots that were certified, and the state that
 * execution starts from is the snapshot's, checked against the commit that names it.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { DIGEST_BYTES, leafHash } from "../../crypto/index.ts";
import type { Hasher, MerkleFrontier } from "../../crypto/index.ts";
import {
  certificateCodec,
  ed25519Scheme,
  edgePlaces,
  frontierOfEdges,
  TILE_WIDTH,
  verifyCertificate,
} from "../../ledger/index.ts";
import type { CheckedSnapshot, Genesis, Statement } from "../../ledger/index.ts";
import type { LedgerReader, TreeName } from "../../ports/ledger-store.ts";
import { readSnapshot } from "../snapshot.ts";
import type { NodeNeeds } from "../types.ts";
import { damage } from "./damage.ts";
import type { Expected } from "./expected.ts";

/** What the check works with. */
export interface PrunedNeeds {
  readonly store: LedgerReader;
  readonly genesis: Genesis;
  readonly genesisHash: Uint8Array;
  readonly crypto: NodeNeeds["crypto"];
  readonly expected: Expected;
  /** Lets other work run now and then. */
  readonly pause: () => Promise<void>;
}

/** Where execution goes on, and how many certificates were checked before it. */
export interface PrunedPart {
  readonly snapshot: CheckedSnapshot;
  readonly certificates: number;
}

/** Checks everything up to the snapshot's commit. Throws Damage. */
export async function checkPrunedPart(needs: PrunedNeeds): Promise<PrunedPart> {
  const { store, genesisHash, crypto, expected } = needs;
  const file = store.snapshot();
  const read = file === undefined ? undefined : readSnapshot(file, genesisHash, crypto);
  if (read?.ok !== true) {
    const rule = read === undefined ? "it is missing" : read.rejection.code;
    throw damage("NODE_VERIFY_SNAPSHOT", { rule });
  }
  const snapshot = read.value;
  const end = Number(snapshot.head.size);
  const { payloads, hashes } = store.floors();
  if (payloads > end || hashes > end) {
    throw damage("NODE_VERIFY_SNAPSHOT", { what: "records are gone after it", slots: end });
  }
  expected.pagesChange(snapshot.pages);
  if (hashes === end) {
    expected.edges("vector", snapshot.vectorEdges);
    expected.edges("outcome", snapshot.outcomeEdges);
    return { snapshot, certificates: 0 };
  }
  const trees = [treeFrom(needs, "vector"), treeFrom(needs, "outcome")] as const;
  const certificates = await growTo(needs, trees, end);
  if (!bytesEqual(trees[0].frontier.root(), snapshot.head.vectorRoot)) {
    throw damage("NODE_VERIFY_TILE", { tree: "vector", slots: end });
  }
  if (!bytesEqual(trees[1].frontier.root(), snapshot.head.outcomeRoot)) {
    throw damage("NODE_VERIFY_OUTCOME", { slots: end, what: "outcomes do not give their root" });
  }
  return { snapshot, certificates };
}

interface GrowingTree {
  readonly tree: TreeName;
  frontier: MerkleFrontier;
}

/** A tree as it was where the hashes that are held begin. */
function treeFrom({ store, crypto, expected }: PrunedNeeds, tree: TreeName): GrowingTree {
  const size = store.floors().hashes;
  const edges = edgePlaces(size).map(({ level, index, width }) => {
    const held = width === 0 ? undefined : store.tile(tree, level, index);
    const hashes = held?.slice(0, width * DIGEST_BYTES) ?? new Uint8Array(0);
    return { level, index, hashes };
  });
  const hashes = edges.map((edge) => edge.hashes);
  const frontier = frontierOfEdges(crypto.hasher, size, hashes);
  if (frontier === undefined) throw damage("NODE_VERIFY_TILE", { tree, slots: size });
  expected.edges(tree, edges);
  return { tree, frontier };
}

/** Grows both trees to a size, commit by commit; answers how many certificates held. */
async function growTo(
  needs: PrunedNeeds,
  [vector, outcomes]: readonly [GrowingTree, GrowingTree],
  end: number,
): Promise<number> {
  const { store, crypto, expected } = needs;
  let number = store.floors().commits;
  let certificates = 0;
  for (let slot = store.floors().hashes; slot < end; number += 1) {
    const signed = statementIn(needs, number + 1, slot);
    const next = Number(signed.vectorSize);
    if (next <= slot || next > end) throw damage("NODE_VERIFY_CERTIFICATE", { commit: number + 1 });
    const slots = Array.from({ length: next - slot }, (_, at) => slot + at);
    const leaves = slots.map((each) => leafOf(store, crypto.hasher, each));
    const told = slots.map((each) => leafHash(crypto.hasher, store.outcome(each)));
    for (const [tree, hashes] of [
      [vector, leaves],
      [outcomes, told],
    ] as const) {
      expected.leaves(tree.tree, tree.frontier.serialise(), hashes);
      for (const hash of hashes) tree.frontier.append(hash);
    }
    if (!bytesEqual(vector.frontier.root(), signed.vectorRoot)) {
      const what = "the hashes do not give its root";
      throw damage("NODE_VERIFY_CERTIFICATE", { commit: number + 1, slot, what });
    }
    certificates += 1;
    slot = next;
    await needs.pause();
  }
  return certificates;
}

/** What the certificate of a commit signs. */
function statementIn(needs: PrunedNeeds, number: number, slot: number): Statement {
  const { store, genesis, genesisHash, crypto } = needs;
  const held = store.commit(number);
  const certificate = held === undefined ? held : decode(certificateCodec, held.certificate);
  const where = { commit: number, slot };
  if (certificate?.ok !== true || held?.firstSlot !== slot) {
    throw damage("NODE_VERIFY_CERTIFICATE", { ...where, what: "it is missing or misplaced" });
  }
  const scheme = ed25519Scheme(crypto.verifyEd25519);
  const context = { genesisHash, validators: genesis.validators, scheme };
  const checked = verifyCertificate(certificate.value, context);
  if (!checked.ok)
    throw damage("NODE_VERIFY_CERTIFICATE", { ...where, rule: checked.rejection.code });
  if (checked.value.kind !== "finalize") {
    throw damage("NODE_VERIFY_CERTIFICATE", { ...where, what: "it finalizes nothing" });
  }
  return checked.value;
}

/** Hash of a slot: of its record, or of what is left of it in its tile. */
function leafOf(store: LedgerReader, hasher: Hasher, slot: number): Uint8Array {
  if (slot >= store.floors().payloads) return leafHash(hasher, store.record(slot));
  const tile = store.tile("vector", 0, Math.floor(slot / TILE_WIDTH));
  const at = (slot % TILE_WIDTH) * DIGEST_BYTES;
  const hash = tile?.slice(at, at + DIGEST_BYTES);
  if (hash?.length === DIGEST_BYTES) return hash;
  throw damage("NODE_VERIFY_TILE", { tree: "vector", level: 0, slot, what: "it is gone" });
}
