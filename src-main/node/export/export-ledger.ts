/**
 * Decides how a ledger is written as static files that any web server can offer. The checkpoint
 * comes last, so that it never names what is not there; whoever runs it again writes only what is
 * new or was cut off.
 */

import { decode, encode } from "../../codec/index.ts";
import { accept, Fault, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  certificateCodec,
  checkpointOrigin,
  checkpointText,
  encodeBundle,
  genesisCodec,
  grownTiles,
  TILE_WIDTH,
} from "../../ledger/index.ts";
import type { Genesis, Head } from "../../ledger/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LedgerReader, TreeName } from "../../ports/ledger-store.ts";
import type { Compression, StaticTarget } from "../../ports/static-files.ts";
import { VERIFY_SLICE_MS } from "../limits.ts";
import { headOf } from "../snapshot.ts";
import { tilesOfStore } from "../tree-tiles.ts";
import type { NodeNeeds } from "../types.ts";
import {
  bundleFileOf,
  CERTIFICATE_FILE,
  CHECKPOINT_FILE,
  commitFileBytes,
  commitFileOf,
  GENESIS_FILE,
  tileFileOf,
} from "./export-files.ts";

/** What an export works with. */
export interface ExportNeeds {
  readonly store: LedgerReader;
  readonly genesis: Genesis;
  readonly hasher: NodeNeeds["crypto"]["hasher"];
  readonly clock: Clock;
  readonly compression: Compression;
  readonly target: StaticTarget;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** How far an export is. */
export interface ExportProgress {
  readonly files: number;
  readonly filesTotal: number;
}

/** What was exported. */
export interface Exported {
  readonly slots: number;
  readonly commits: number;
  readonly written: number;
  readonly kept: number;
}

/** A file that is made when its turn comes. */
type File = readonly [path: string, make: () => Uint8Array];

/**
 * Writes the whole ledger.
 * @rejects EXPORT_PRUNED where records are gone, NODE_SLOT where there is none yet
 * Throws Fault STORE_*.
 */
export async function exportLedger(needs: ExportNeeds): Promise<Outcome<Exported>> {
  const { store, target, clock } = needs;
  const { payloads, hashes } = store.floors();
  if (payloads > 0 || hashes > 0) return reject("EXPORT_PRUNED", { floor: payloads });
  if (store.commits() === 0) return reject("NODE_SLOT", { slot: "0", size: "0" });
  const head = headOf(store);
  const size = Number(head.size);
  const commits = Number(head.number);
  const named = Number(head.firstSlot);
  const filesTotal =
    grownTiles(0, size).length + grownTiles(0, named).length + commits + 3 + bundles(size, named);
  const counts = { written: 0, kept: 0 };
  let sliceMs = clock.nowMs();
  // All of it is fixed here, so that a store that grows meanwhile is exported as it stood.
  for (const [path, make] of filesOf(needs, { size, commits, named, head })) {
    // What certificate and checkpoint name must outlive a power cut before they do.
    if (path === CERTIFICATE_FILE) await target.settle();
    counts[await target.put(path, make())] += 1;
    if (clock.nowMs() - sliceMs < VERIFY_SLICE_MS) continue;
    needs.onProgress?.({ files: counts.written + counts.kept, filesTotal });
    await new Promise<void>((resolve) => void clock.after(0, resolve));
    sliceMs = clock.nowMs();
  }
  await target.settle();
  needs.onProgress?.({ files: filesTotal, filesTotal });
  return accept({ slots: size, commits, ...counts });
}

function bundles(...sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + Math.ceil(size / TILE_WIDTH), 0);
}

interface Extent {
  readonly size: number;
  readonly commits: number;
  readonly named: number;
  readonly head: Head;
}

function* filesOf(needs: ExportNeeds, { size, commits, named, head }: Extent): Iterable<File> {
  const { store, genesis } = needs;
  yield [GENESIS_FILE, () => encode(genesisCodec, genesis)];
  yield* treeFiles(needs, "vector", size);
  yield* treeFiles(needs, "outcome", named);
  for (let number = 1; number <= commits; number += 1) {
    yield [commitFileOf(number), () => commitBytes(store, number)];
  }
  const newest = store.commit(commits);
  if (newest === undefined) throw new Fault("STORE_DAMAGED", "the newest certificate is gone");
  yield [CERTIFICATE_FILE, () => newest.certificate];
  const origin = checkpointOrigin(head.genesisHash);
  const text = checkpointText({ origin, size, root: head.vectorRoot });
  yield [CHECKPOINT_FILE, () => new TextEncoder().encode(text)];
}

function* treeFiles(needs: ExportNeeds, tree: TreeName, size: number): Iterable<File> {
  const { store, compression } = needs;
  const read = tilesOfStore(needs.hasher, store);
  for (const tile of grownTiles(0, size)) {
    // The outcome tree is longer than what is named of it, so its last tiles are cut.
    const bytes = () => read(tree, tile.level, tile.index).slice(0, 32 * tile.width);
    yield [tileFileOf(tree, tile), bytes];
    if (tile.level > 0) continue;
    const first = tile.index * TILE_WIDTH;
    const entries = () =>
      Array.from({ length: tile.width }, (_, at) =>
        tree === "vector" ? store.record(first + at) : store.outcome(first + at),
      );
    const plain = () => encodeBundle(entries(), tree === "vector" ? 2 : 4);
    const isWhole = tile.width === TILE_WIDTH;
    const make = isWhole ? () => compression.compress(plain()) : plain;
    yield [bundleFileOf(tree, tile.index, tile.width), make];
  }
}

function commitBytes(store: LedgerReader, number: number): Uint8Array {
  const held = store.commit(number);
  const certificate = held === undefined ? held : decode(certificateCodec, held.certificate);
  if (held !== undefined && certificate?.ok === true) {
    return commitFileBytes(held.firstSlot, certificate.value);
  }
  const facts = { commit: number };
  throw new Fault("STORE_DAMAGED", `the certificate of commit ${number} is malformed`, facts);
}
