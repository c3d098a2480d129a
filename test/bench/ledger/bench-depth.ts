/**
 * Measures the ledger in depth: proving a slot of a long ledger, and what it costs to keep the
 * states of earlier commits. Tiles are synthetic, so that those of 10^7 slots fit.
 */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { chooseMapHashing, nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { inclusionRanges, rootFromLeafHashes } from "../../../src-main/crypto/index.ts";
import { verifyInclusion } from "../../../src-main/crypto/index.ts";
import { edgePlaces, frontierOfEdges, updateStateMap } from "../../../src-main/ledger/index.ts";
import { FoldedTiles } from "../../../src-main/node/folded-tiles.ts";
import type { CommitBatch, TilePart } from "../../../src-main/ports/ledger-store.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

/** A file system in memory, where the disk is not what is measured. */
const MEMORY_FOLDER = "/dev/shm";
const RECORD_BYTES = 300;

/** Runs these benchmarks. */
export async function benchDepth(kit: BenchKit): Promise<void> {
  await benchInclusion(kit);
  await benchRetention(kit);
}

function folderFor(): string {
  return mkdtempSync(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "vivian-bench-"));
}

/** Numbers below a bound that look drawn, the same in every run. */
function drawn(seed: number, below: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function recordOf(slot: number): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  new DataView(bytes.buffer).setFloat64(0, slot);
  return bytes;
}

const EMPTY = { pages: [], tiles: [], index: [], certificate: new Uint8Array(150) };

function ratioOf(line: { readonly value: number }, peerValue: number) {
  return { peerValue, ratio: line.value / peerValue };
}

/** A store whose complete tiles of leaves are all this one, in their files. */
async function withLeafTiles(folder: string, count: number, hashes: Uint8Array) {
  const store = await openDiskLedger({ folder });
  for (let number = 1, index = 0; index < count; number += 1) {
    const tiles = Array.from({ length: Math.min(1_024, count - index) }, (_, at) => {
      return { tree: "vector" as const, level: 0, index: index + at, hashes };
    });
    const outcomes = [new Uint8Array(20)];
    const batch = {
      ...EMPTY,
      number,
      firstSlot: number - 1,
      records: [recordOf(number)],
      outcomes,
    };
    await store.append({ ...batch, tiles, head: new Uint8Array(500) });
    index += tiles.length;
  }
  await store.settleTiles();
  return store;
}

/** lmdb alone with a row for each hash: a proof is as many reads as it has hashes. */
function filledRows(path: string, count: number) {
  const database = open<Uint8Array, number>({ path, encoding: "binary" });
  const hash = nativeSha256(new Uint8Array(1));
  database.transactionSync(() => {
    for (let row = 0; row < count; row += 1) database.putSync(row, hash);
  });
  const next = drawn(13, count);
  const read = (hashes: number): void => {
    for (let each = 0; each < hashes; each += 1) {
      mustHold(database.getBinary(next())?.length === hash.length, "a row");
    }
  };
  return { read, close: () => database.close() };
}

/** A tree whose tiles of one level are all the same, as the node's proofs read it. */
export async function benchInclusion(kit: BenchKit): Promise<void> {
  const size = bySize(kit, 10_000_000, 1_000_000, 70_000);
  const tiles: Uint8Array[] = [];
  let hashes = Array.from({ length: 256 }, (_, at) => nativeSha256(Uint8Array.of(at)));
  while (tiles.length < 5) {
    const tile = new Uint8Array(8_192);
    for (const [at, hash] of hashes.entries()) tile.set(hash, 32 * at);
    tiles.push(tile);
    const root = rootFromLeafHashes(nativeSha256, hashes);
    hashes = hashes.map(() => root);
  }
  const folder = folderFor();
  const leafTiles = Math.floor(size / 256);
  const store = await withLeafTiles(folder, leafTiles, tiles[0]);
  const stored = (_tree: unknown, level: number, index: number): Uint8Array => {
    const isInFile = level === 0 && index < leafTiles;
    return (isInFile ? store.tile("vector", 0, index) : undefined) ?? tiles[level];
  };
  const edges = edgePlaces(size).map(({ level, width }) => tiles[level].slice(0, 32 * width));
  const root = frontierOfEdges(nativeSha256, size, edges)?.root() ?? new Uint8Array(0);
  const part = (place: TilePart): Uint8Array | undefined => {
    return place.index < leafTiles ? store.tilePart(place) : undefined;
  };
  const folded = new FoldedTiles(nativeSha256, "vector", { stored, derived: stored, part });
  const state = { size, root };
  const prove = (slot: number) => folded.hashes(state, inclusionRanges(slot, size));
  const near = bySize(kit, 1_000_000, 100_000, 10_000);
  const rows = kit.peers ? filledRows(join(folder, "peer"), near) : undefined;
  const reachAll = (from: number): void => {
    for (let slot = from; slot < size; slot += 256) prove(slot);
  };
  const cases = [
    { where: "anywhere-first-time", span: size, count: bySize(kit, 300, 100, 5), from: size },
    { where: "anywhere", span: size, count: bySize(kit, 20_000, 2_000, 5), from: 0 },
    { where: "newest", span: near, count: bySize(kit, 50_000, 5_000, 9), from: size - near },
  ];
  for (const { where, span, count, from } of cases) {
    reachAll(from);
    const next = drawn(11, span);
    const length = inclusionRanges(0, size).length;
    const [seconds, peerSeconds] = await takeTurns(bySize(kit, 9, 3, 1), [
      () => secondsEach(count, () => prove(size - span + next())),
      () => secondsEach(rows === undefined ? 1 : count, () => rows?.read(length)),
    ]);
    const slot = size - 1 - next();
    const proof = prove(slot);
    const leafHash = tiles[0].subarray(32 * (slot % 256), 32 * (slot % 256) + 32);
    const path = { leafHash, index: slot, size, proof };
    mustHold(verifyInclusion(nativeSha256, root, path) && proof.length * 32 <= 1_024, "a proof");
    const name = `ledger.inclusion/op=prove size=${size} slots=${where} bytes=${proof.length * 32}`;
    const peer = rows === undefined ? {} : { peer: "lmdb-get", peerValue: 1 / peerSeconds };
    kit.print(benchLine(name, 1 / seconds, "proofs/s", peer));
  }
  await rows?.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

/** State updates with root and write, with and without earlier states. */
async function benchRetention(kit: BenchKit): Promise<void> {
  const rows = bySize(kit, 100_000, 20_000, 200);
  const changed = bySize(kit, 1_000, 1_000, 20);
  const key = (row: number) => nativeSha256(recordOf(row));
  const values: number[] = [];
  for (const retention of [0, 256]) {
    const folder = folderFor();
    const store = await openDiskLedger({ folder, stateRetention: retention });
    const needs = { hasher: nativeSha256, hashPairs: chooseMapHashing() };
    const readPage = (page: Uint8Array) => store.page(page);
    const all = Array.from({ length: rows }, (_, row) => ({ key: key(row), value: key(-row) }));
    await store.begin(new Uint8Array(500), updateStateMap({ ...needs, readPage }, all).pages);
    const next = drawn(5, rows);
    let number = 0;
    const commit = async () => {
      number += 1;
      const picked = new Set(Array.from({ length: changed }, next));
      const changes = [...picked].map((row) => ({ key: all[row].key, value: key(number) }));
      const { pages } = updateStateMap({ ...needs, readPage }, changes);
      const batch: CommitBatch = {
        ...{ ...EMPTY, number, firstSlot: number - 1, records: [recordOf(number)] },
        ...{ outcomes: [new Uint8Array(20)], pages, head: new Uint8Array(500) },
      };
      await store.append(batch);
    };
    const [seconds] = await takeTurns(bySize(kit, 9, 5, 1), [() => secondsEach(1, commit)]);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    values.push(changed / seconds);
    const name = `ledger.state-update/store=disk retention=${retention} changes=${changed}`;
    const line = benchLine(name, changed / seconds, "rows/s");
    kit.print(
      retention === 0 ? line : { ...line, peer: "retention=0", ...ratioOf(line, values[0]) },
    );
  }
}
