import { describe, expect, it } from "vitest";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { inclusionRanges, leafHash, verifyInclusion } from "../../../src-main/crypto/index.ts";
import { rootFromLeafHashes } from "../../../src-main/crypto/index.ts";
import { FoldedTiles } from "../../../src-main/node/folded-tiles.ts";
import type { KeptTiles } from "../../../src-main/node/folded-tiles.ts";
import type { ReadTile } from "../../../src-main/node/tree-tiles.ts";

const SIZE = 5 * 256 + 77;
const LEAVES = Array.from({ length: SIZE }, (_, at) =>
  leafHash(nativeSha256, new TextEncoder().encode(`leaf ${at}`)),
);
const ROOT = rootFromLeafHashes(nativeSha256, LEAVES);
const STATE = { size: SIZE, root: ROOT };

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(32 * hashes.length);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, 32 * at);
  return bytes;
}

const TILES: readonly (readonly Uint8Array[])[] = [
  Array.from({ length: 6 }, (_, at) => joined(LEAVES.slice(256 * at, 256 * at + 256))),
  [
    joined(
      Array.from({ length: 5 }, (_, at) =>
        rootFromLeafHashes(nativeSha256, LEAVES.slice(256 * at, 256 * at + 256)),
      ),
    ),
  ],
];
const sound: ReadTile = (_tree, level, index) => TILES[level][index].slice();

function folded(kept: KeptTiles) {
  let damage: { readonly tile: number; readonly byte: number } | undefined;
  const reads = { stored: 0, derived: 0 };
  const stored: ReadTile = (tree, level, index) => {
    reads.stored += 1;
    const bytes = sound(tree, level, index);
    if (level === 0 && index === damage?.tile) bytes[damage.byte] ^= 1;
    return bytes;
  };
  const derived: ReadTile = (tree, level, index) => {
    reads.derived += 1;
    return sound(tree, level, index);
  };
  const tiles = new FoldedTiles(nativeSha256, "vector", { stored, derived }, kept);
  const proves = (slot: number): boolean => {
    const [leaf] = tiles.hashes(STATE, [{ first: slot, count: 1 }]);
    const proof = tiles.hashes(STATE, inclusionRanges(slot, SIZE));
    return verifyInclusion(nativeSha256, ROOT, { leafHash: leaf, index: slot, size: SIZE, proof });
  };
  return { proves, reads, plant: (tile: number, byte: number) => void (damage = { tile, byte }) };
}

describe("folded tiles", () => {
  it("prove every slot, whatever stays in memory", () => {
    for (const kept of [
      { tiles: 100, crowns: 100 },
      { tiles: 1, crowns: 100 },
      { tiles: 1, crowns: 2 },
      { tiles: 1, crowns: 0 },
    ]) {
      const { proves, reads } = folded(kept);
      for (let step = 0; step < SIZE; step += 1) expect(proves((step * 541) % SIZE)).toBe(true);
      expect(reads.derived).toBe(0);
    }
  });

  it("read a crowned tile once for the slots of eight leaves", () => {
    const { proves, reads } = folded({ tiles: 1, crowns: 100 });
    for (let slot = 0; slot < SIZE; slot += 256) expect(proves(slot)).toBe(true);
    const before = reads.stored;
    for (let slot = 8; slot < 16; slot += 1) expect(proves(slot)).toBe(true);
    expect(reads.stored - before).toBe(1);
  });

  it("never take a leaf from a tile that changed after its crown was kept", () => {
    for (let byte = 0; byte < 8_192; byte += 97) {
      const { proves, reads, plant } = folded({ tiles: 1, crowns: 100 });
      for (let slot = 0; slot < SIZE; slot += 256) expect(proves(slot)).toBe(true);
      plant(2, byte);
      const slot = 512 + Math.floor(byte / 32);
      expect(proves(slot)).toBe(true);
      expect(reads.derived).toBe(1);
    }
  });
});
