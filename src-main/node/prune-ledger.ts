/**
 * Decides how records go while everything about them can still be proved: their hashes are checked
 * against the certified root first, and a snapshot above the new floor is kept, from which the rest
 * can be executed again.
 */

import { bytesEqual } from "../contract/bytes.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { TILE_WIDTH } from "../ledger/index.ts";
import type { Genesis } from "../ledger/index.ts";
import type { LedgerStore, TreeTile } from "../ports/ledger-store.ts";
import { Chain } from "./chain.ts";
import { Proofs } from "./proofs.ts";
import { finishRestoring, makeSnapshot } from "./snapshot.ts";
import type { NodeNeeds, Pruned } from "./types.ts";

/**
 * Prunes the records below a slot, rounded down to whole tiles.
 * @rejects NODE_PRUNE_FLOOR, SNAPSHOT_EARLY
 */
export async function pruneLedger(
  store: LedgerStore,
  genesis: Genesis,
  proofs: Proofs,
  crypto: NodeNeeds["crypto"],
  below: bigint,
): Promise<Outcome<Pruned>> {
  const snapshot = makeSnapshot(store, genesis, crypto);
  if (!snapshot.ok) return snapshot;
  const { payloads } = store.floors();
  const most = snapshot.value.slots - (snapshot.value.slots % TILE_WIDTH);
  const floor = Number(below - (below % BigInt(TILE_WIDTH)));
  if (floor <= payloads || floor > most) {
    return reject("NODE_PRUNE_FLOOR", { asked: String(below), floor: payloads, most });
  }
  const tiles: TreeTile[] = [];
  for (let slot = payloads - (payloads % TILE_WIDTH); slot < floor; slot += TILE_WIDTH) {
    // In a restored ledger the tile that its base cut holds hashes of both sides.
    if (slot + TILE_WIDTH <= store.floors().hashes) continue;
    const index = slot / TILE_WIDTH;
    const [hashes] = proofs.leafTiles(slot, slot + TILE_WIDTH);
    const held = store.tile("vector", 0, index);
    if (held === undefined || !bytesEqual(held, hashes)) {
      tiles.push({ tree: "vector", level: 0, index, hashes });
    }
  }
  await store.prune({ below: floor, tiles, snapshot: snapshot.value.bytes });
  return accept({ floor, snapshot: BigInt(snapshot.value.commit) });
}

/** Prunes a ledger that no node runs on. @rejects as `pruneLedger` */
export async function pruneStopped(
  store: LedgerStore,
  genesis: Genesis,
  crypto: NodeNeeds["crypto"],
  below: bigint,
): Promise<Outcome<Pruned>> {
  await finishRestoring(store, genesis, crypto);
  const chain = await Chain.open(genesis, { store, crypto });
  return pruneLedger(store, genesis, new Proofs(chain, { store, crypto }), crypto, below);
}
