/** Measures the ledger: its vector, its proofs, its state, its rules and its store. */

import {
  chooseMapHashing,
  nativeSha256,
  nativeSignatures,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import {
  leafHash,
  MerkleFrontier,
  rootFromLeafHashes,
  sha256,
  verifyInclusion,
} from "../../../src-main/crypto/index.ts";
import {
  recordContext,
  recoverRecord,
  subtreesOfTiles,
  vectorInclusionProof,
} from "../../../src-main/ledger/index.ts";
import type { ExecuteNeeds } from "../../../src-main/ledger/index.ts";
import { PracticeWorld, transfer } from "../../worlds/practice-world.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";
import { benchAppend } from "./bench-append.ts";
import { benchTransfer } from "./bench-transfer.ts";
import { benchSearch } from "./bench-search.ts";
import { benchSearchAccel } from "./bench-search-accel.ts";
import { benchState } from "./bench-state.ts";
import { benchDepth } from "./bench-depth.ts";
import { benchGet } from "./bench-get.ts";
import { benchStore } from "./bench-store.ts";

/** Runs the benchmarks of the ledger. */
export async function benchLedger(kit: BenchKit): Promise<void> {
  await benchVector(kit);
  await benchState(kit);
  await benchExecution(kit);
  await benchStore(kit);
  await benchAppend(kit);
  await benchTransfer(kit);
  await benchSearch(kit);
  await benchSearchAccel(kit);
  await benchDepth(kit);
  await benchGet(kit);
}

/** Distinct bytes of a number, as a digest of its own. */
function digestOf(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, number, true);
  return nativeSha256(bytes);
}

async function benchVector(kit: BenchKit): Promise<void> {
  const size = bySize(kit, 65_536, 16_384, 300);
  const record = new Uint8Array(200).fill(7);
  const leaves = Array.from({ length: size }, (_, slot) => digestOf(slot));
  const levels: Uint8Array[][] = [];
  const frontier = new MerkleFrontier(nativeSha256);
  for (const leaf of leaves) {
    frontier.append(leaf, (level, index, hash) => ((levels[level] ??= [])[index] = hash));
  }
  const root = frontier.root();
  mustHold(bytesEqual(root, rootFromLeafHashes(sha256, leaves)), "the vector's root");
  const append = () => {
    const next = frontier.copy();
    for (let slot = 0; slot < 1_000; slot += 1) next.append(leafHash(nativeSha256, record));
  };
  const [appending] = await takeTurns(bySize(kit, 9, 3, 1), [() => secondsEach(1, append)]);
  kit.print(benchLine("ledger.append/store=none bytes=200", 1_000 / appending, "records/s"));
  // Tiles hold every eighth level; the levels between are hashed again, as the node does.
  const read = (level: number, index: number, position: number) =>
    levels[8 * level][256 * index + position];
  const subtrees = subtreesOfTiles(nativeSha256, read);
  const prove = (slot: number) => vectorInclusionProof(nativeSha256, slot, size, subtrees);
  const slots = Array.from({ length: 16 }, (_, index) => Math.floor((index * size) / 16));
  const proofs = slots.map(prove);
  const verify = (at: number) => {
    const path = { leafHash: leaves[slots[at]], index: slots[at], size, proof: proofs[at] };
    return verifyInclusion(nativeSha256, root, path);
  };
  mustHold(
    slots.every((_, at) => verify(at)),
    "inclusion proofs",
  );
  const runs = bySize(kit, 480, 96, 2);
  const [proving, verifying] = await takeTurns(bySize(kit, 9, 3, 1), [
    () => secondsEach(runs, (run) => prove(slots[run % 16])),
    () => secondsEach(runs, (run) => verify(run % 16)),
  ]);
  kit.print(benchLine(`ledger.inclusion/op=prove size=${size}`, 1 / proving, "proofs/s"));
  kit.print(benchLine(`ledger.inclusion/op=verify size=${size}`, 1 / verifying, "proofs/s"));
}

/** Commits of transfers with real signatures, from stored bytes to the next state root. */
async function benchExecution(kit: BenchKit): Promise<void> {
  const count = bySize(kit, 128, 32, 2);
  const world = new PracticeWorld({ keys: "real" });
  const { backend } = await nativeSignatures();
  const context = recordContext(nativeSha256, world.context.genesisHash);
  const needs: ExecuteNeeds = {
    ...world.needs,
    hasher: nativeSha256,
    hashPairs: chooseMapHashing(),
    recoverRecord: (stored) => recoverRecord(stored, context, backend),
  };
  const owner = world.nextNonce(world.address.owner);
  const payload = transfer(world.address.stranger, 1n);
  const records = Array.from({ length: count }, (_, at) =>
    world.record("owner", payload, { nonce: owner + BigInt(at) }),
  );
  const plain = world.execute(records);
  const fast = new PracticeWorld({ keys: "real" });
  Object.assign(fast, { needs });
  const quick = fast.execute(records);
  if (!plain.ok || !quick.ok) throw new Error("the commit executes");
  mustHold(
    bytesEqual(plain.value.head.stateRoot, quick.value.head.stateRoot) &&
      quick.value.outcomes.every(({ code }) => code === ""),
    "the commit's state root and outcomes",
  );
  const [executing, recovering] = await takeTurns(bySize(kit, 5, 3, 1), [
    () => secondsEach(1, () => fast.execute(records)),
    () => secondsEach(1, () => records.map((stored) => needs.recoverRecord(stored))),
  ]);
  const name = `ledger.execute/records=${count}`;
  kit.print(benchLine(name, count / executing, "records/s", { limit: count / recovering }));
}
