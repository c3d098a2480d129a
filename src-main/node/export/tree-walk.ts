/**
 * Decides how one tree of an export is checked with bounded memory: leaves go into a right edge,
 * and every tile that they complete is fetched and compared when it is complete. At most one tile a
 * level is held.
 */

import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { concatBytes } from "../../codec/index.ts";
import { DIGEST_BYTES, leafHash, MerkleFrontier } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { decodeBundle, TILE_WIDTH, tileOfSubtree } from "../../ledger/index.ts";
import type { TreeName } from "../../ports/ledger-store.ts";
import type { Compression } from "../../ports/static-files.ts";
import {
  bundleFileOf,
  ENTRY_BUNDLE_BYTES_MAX,
  OUTCOME_BUNDLE_BYTES_MAX,
  tileFileOf,
} from "./export-files.ts";
import { lie } from "./lie.ts";

/** Longest entry and outcome. */
const ENTRY_BYTES_MAX = 65_535;
const OUTCOME_BYTES_MAX = 4_194_304;

/** zstd may make a frame this much longer than what is in it. */
const FRAME_BYTES = 65_536;

/** Where a walk is; all of it can be written down. */
export interface TreePlace {
  readonly frontier: string;
  /** Hashes of the tile under way at each level above the leaves'. */
  readonly tiles: readonly string[];
}

/** What a walk works with. */
export interface TreeNeeds {
  readonly hasher: Hasher;
  readonly compression: Compression;
  /** Throws a Lie for what is not there. */
  readonly read: (path: string, bytesMax: number) => Promise<Uint8Array>;
}

/** One tree of an export. */
export class TreeWalk {
  readonly tree: TreeName;
  readonly size: number;
  readonly frontier: MerkleFrontier;
  readonly #needs: TreeNeeds;
  /** Hashes gathered for each level's tile; the first is unused, leaves' tiles come with theirs. */
  readonly #tiles: Uint8Array[][] = [];
  #ready: { level: number; index: number; hashes: Uint8Array }[] = [];

  /** @param size  leaves the export has of this tree */
  constructor(tree: TreeName, size: number, needs: TreeNeeds, place?: TreePlace) {
    this.tree = tree;
    this.size = size;
    this.#needs = needs;
    this.frontier = new MerkleFrontier(needs.hasher);
    if (place === undefined) return;
    const restored = MerkleFrontier.restore(needs.hasher, hexToBytes(place.frontier));
    if (!restored.ok) throw lie("EXPORT_PROGRESS", { tree });
    this.frontier = restored.value;
    this.#tiles = place.tiles.map((tile) => splitHashes(hexToBytes(tile)));
  }

  get place(): TreePlace {
    const tiles = Array.from(this.#tiles, (tile) => bytesToHex(concatBytes(...(tile ?? []))));
    return { frontier: bytesToHex(this.frontier.serialise()), tiles };
  }

  /** Entries of a bundle, each the one its tile holds; none beyond the tree. */
  async entries(index: number): Promise<Uint8Array[]> {
    const width = Math.min(TILE_WIDTH, this.size - index * TILE_WIDTH);
    if (width <= 0) return [];
    const bundle = await this.#bundle(index, width);
    const tile = await this.#tile(0, index, width);
    const code = this.tree === "vector" ? "EXPORT_ENTRY" : "EXPORT_OUTCOME";
    for (const [at, entry] of bundle.entries()) {
      const held = tile.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
      if (bytesEqual(leafHash(this.#needs.hasher, entry), held)) continue;
      throw lie(code, { slot: index * TILE_WIDTH + at });
    }
    return bundle;
  }

  /** Appends an entry's hash; `settle` compares the tiles that this completes. */
  append(entry: Uint8Array): void {
    this.frontier.append(leafHash(this.#needs.hasher, entry), (level, index, hash) => {
      const place = tileOfSubtree(level, index);
      if (place.count !== 1 || place.level === 0) return;
      const tile = (this.#tiles[place.level] ??= []);
      tile.push(hash);
      if (tile.length < TILE_WIDTH) return;
      this.#ready.push({ level: place.level, index: place.index, hashes: concatBytes(...tile) });
      this.#tiles[place.level] = [];
    });
  }

  /** Compares tiles that are complete with those of the export. */
  async settle(): Promise<void> {
    for (const tile of this.#ready) await this.#compare(tile);
    this.#ready = [];
  }

  /** Compares the tiles at the right edge. */
  async end(): Promise<void> {
    await this.settle();
    for (let level = 1; level < this.#tiles.length; level += 1) {
      const hashes = concatBytes(...(this.#tiles[level] ?? []));
      if (hashes.length === 0) continue;
      const index = Math.floor(this.size / TILE_WIDTH ** (level + 1));
      await this.#compare({ level, index, hashes });
    }
  }

  async #compare(due: { level: number; index: number; hashes: Uint8Array }): Promise<void> {
    const { level, index, hashes } = due;
    const held = await this.#tile(level, index, hashes.length / DIGEST_BYTES);
    if (!bytesEqual(held, hashes)) throw lie("EXPORT_TILE", { tree: this.tree, level, index });
  }

  async #tile(level: number, index: number, width: number): Promise<Uint8Array> {
    const path = tileFileOf(this.tree, { level, index, width });
    const bytes = await this.#needs.read(path, width * DIGEST_BYTES);
    if (bytes.length === width * DIGEST_BYTES) return bytes;
    throw lie("EXPORT_TILE", { tree: this.tree, level, index, bytes: bytes.length });
  }

  async #bundle(index: number, width: number): Promise<Uint8Array[]> {
    const { compression, read } = this.#needs;
    const isVector = this.tree === "vector";
    const most = isVector ? ENTRY_BUNDLE_BYTES_MAX : OUTCOME_BUNDLE_BYTES_MAX;
    const path = bundleFileOf(this.tree, index, width);
    const file = await read(path, most + FRAME_BYTES);
    const bytes = width === TILE_WIDTH ? compression.decompress(file, most) : file;
    if (bytes === undefined) throw lie("EXPORT_BUNDLE", { path, what: "it is no zstd frame" });
    const entryMax = isVector ? ENTRY_BYTES_MAX : OUTCOME_BYTES_MAX;
    const bundle = decodeBundle(bytes, width, isVector ? 2 : 4, entryMax);
    if (!bundle.ok) throw lie(bundle.rejection.code, { ...bundle.rejection.facts, path });
    return bundle.value;
  }
}

function splitHashes(bytes: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += DIGEST_BYTES) {
    hashes.push(bytes.slice(at, at + DIGEST_BYTES));
  }
  return hashes;
}
