/**
 * Decides how records go while everything about them can still be proved: their hashes are checked
 * against the certified root first, and a snapshot above the new floor is kept, from which the rest
 * can be executed again.
 */

import { bytesEqual } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { TILE_WIDTH } from "../ledger/index.ts";
import type { Genesis } from "../ledger/index.ts";
import type { LedgerStore, TreeTile } from "../ports/ledger-store.ts";
import { Chain } from "./chain.ts";
import { Proofs } from "./proofs.ts";
import { finishRestoring, makeSnapshot, snapshotSlots } from "./snapshot.ts";
import type { MadeSnapshot, NodeNeeds, Pruned } from "./types.ts";

/** What a pruning works with. */
export interface PruneNeeds {
  readonly store: LedgerStore;
  readonly proofs: Pick<Proofs, "leafTiles">;
  readonly snapshot: () => Promise<Outcome<MadeSnapshot>>;
  /** Lets others have their turn, after each tile; a code where nothing is to be pruned now. */
  readonly pause: () => Promise<string | undefined>;
}

/**
 * Prunes the records below a slot, rounded down to whole tiles. One pruning at a time.
 * @rejects NODE_PRUNE_FLOOR, SNAPSHOT_EARLY, and those of `snapshot`
 */
export async function pruneLedger(needs: PruneNeeds, below: bigint): Promise<Outcome<Pruned>> {
  const { store, proofs } = needs;
  const { payloads } = store.floors();
  const due = snapshotSlots(store);
  if (!due.ok) return due;
  const most = due.value - (due.value % TILE_WIDTH);
  const floor = Number(below - (below % BigInt(TILE_WIDTH)));
  if (floor <= payloads || floor > most) {
    return reject("NODE_PRUNE_FLOOR", { asked: String(below), floor: payloads, most });
  }
  // Whoever makes it may see commits that came since, never fewer.
  const snapshot = await needs.snapshot();
  if (!snapshot.ok) return snapshot;
  invariant(snapshot.value.slots >= floor, "a snapshot reaches what was stored before it");
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
    const ended = await needs.pause();
    if (ended !== undefined) return reject(ended);
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
  const snapshot = () => Promise.resolve(makeSnapshot(store, genesis, crypto));
  const proofs = new Proofs(chain, { store, crypto });
  return pruneLedger({ store, proofs, snapshot, pause: () => Promise.resolve(undefined) }, below);
}
