/**
 * Decides how the hashes of complete subtrees are read fast and never wrong: a tile is folded once
 * into all its levels and kept; before it is used, its root must be the hash that the tile above
 * holds for it, and what is at the right edge must give the certified root. So a proof put together
 * from kept nodes needs no check of its own. A tile that fails is derived from the log.
 *
 * Whole tiles are large and few are kept. Of each true tile of leaves its crown is kept longer: its
 * nodes from eight leaves upwards. A proof then reads the tile and hashes its own eight leaves
 * alone, whose root must be the one in the crown.
 */

import { bytesEqual } from "../contract/bytes.ts";
import { Fault } from "../contract/outcome.ts";
import { DIGEST_BYTES, nodeHash, rangeHash } from "../crypto/index.ts";
import type { Hasher, LeafRange, ReadSubtree } from "../crypto/index.ts";
import { TILE_HEIGHT, TILE_WIDTH } from "../ledger/index.ts";
import type { TilePart, TreeName } from "../ports/ledger-store.ts";
import { CROWNS_MAX, FOLDED_TILES_MAX } from "./limits.ts";
import { tileWidth } from "./tree-tiles.ts";
import type { ReadTile } from "./tree-tiles.ts";

/** Where the nodes of each height begin among those of a whole tile: 256, 128, … 1. */
const STARTS: readonly number[] = Array.from(
  { length: TILE_HEIGHT + 1 },
  (_, height) => 2 * TILE_WIDTH - 2 ** (TILE_HEIGHT + 1 - height),
);

/** A tile and all that can be folded from it: nodes by height, as far as whole subtrees reach. */
interface FoldedTile {
  readonly width: number;
  /** 511 hashes, whatever the width. */
  readonly nodes: Uint8Array;
}

/** Height at which crowns begin: 32 nodes of 8 leaves, and those above them, 2 KiB in all. */
const CROWN_HEIGHT = 3;
const CROWN_LEAVES = 2 ** CROWN_HEIGHT;

/** Eight leaves of a tile and what is folded from them: 8, 4, 2, 1 nodes. */
interface LeafBlock {
  readonly tile: number;
  readonly block: number;
  readonly nodes: Uint8Array;
}

function nodeOf({ nodes }: FoldedTile, height: number, position: number): Uint8Array {
  const at = (STARTS[height] + position) * DIGEST_BYTES;
  return nodes.subarray(at, at + DIGEST_BYTES);
}

/** A tree as it stands after a commit. */
export interface TreeState {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Where tiles come from: the store, and the log itself where that is no use. */
export interface TileSources {
  readonly stored: ReadTile;
  readonly derived: ReadTile;
  /** A few hashes of a stored tile, where that is faster than all of them. */
  readonly part?: (place: TilePart) => Uint8Array | undefined;
}

/** Whole tiles and crowns kept of one tree. */
export interface KeptTiles {
  readonly tiles: number;
  readonly crowns: number;
}

const KEPT: KeptTiles = { tiles: FOLDED_TILES_MAX, crowns: CROWNS_MAX };

/** The folded tiles of one tree. */
export class FoldedTiles {
  readonly #hasher: Hasher;
  readonly #tree: TreeName;
  readonly #sources: TileSources;
  readonly #limits: KeptTiles;
  /** By level, then index; an index that is used again moves to the end. */
  readonly #levels: Map<number, FoldedTile>[] = [];
  #kept = 0;
  /** Crowns of complete tiles of leaves; one that is used again moves to the end. */
  readonly #crowns = new Map<number, Uint8Array>();
  /** The last one: a proof asks for several nodes of the same. */
  #block: LeafBlock | undefined;
  #state: TreeState = { size: 0, root: new Uint8Array(0) };
  #rests = new Map<number, Uint8Array>();

  /** @param kept  how much stays in memory; the room's limits unless given */
  constructor(hasher: Hasher, tree: TreeName, sources: TileSources, kept: KeptTiles = KEPT) {
    this.#limits = kept;
    this.#hasher = hasher;
    this.#tree = tree;
    this.#sources = sources;
  }

  /**
   * Reads subtrees of the tree in that state; what is read is checked against its root.
   * Throws Fault STORE_DAMAGED where not even the log gives that root.
   */
  reader(state: TreeState): ReadSubtree {
    this.#stand(state);
    return (level, index) => this.#node(level, index);
  }

  /** The hashes of ranges of the tree in that state, as a proof is made of them. */
  hashes(state: TreeState, ranges: readonly LeafRange[]): Uint8Array[] {
    this.#stand(state);
    const all = new Uint8Array(ranges.length * DIGEST_BYTES);
    return ranges.map((range, at) => {
      const hash = all.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
      hash.set(this.#hash(range));
      return hash;
    });
  }

  #hash({ first, count }: LeafRange): Uint8Array {
    const level = levelOf(count);
    if (level >= 0) return this.#node(level, first / count);
    if (first + count === this.#state.size) return this.#rest(first);
    return rangeHash(this.#hasher, { first, count }, (at, index) => this.#node(at, index));
  }

  #stand(state: TreeState): void {
    const isSame = state.size === this.#state.size && bytesEqual(state.root, this.#state.root);
    if (!isSame) this.#move(state);
  }

  /** The hash over leaves `first` to the last; every proof in a tree ends with the same few. */
  #rest(first: number): Uint8Array {
    const kept = this.#rests.get(first);
    if (kept !== undefined) return kept;
    const range = { first, count: this.#state.size - first };
    const hash = rangeHash(this.#hasher, range, (level, index) => this.#node(level, index));
    this.#rests.set(first, hash);
    return hash;
  }

  #move(state: TreeState): void {
    this.#state = state;
    this.#rests = new Map();
    if (state.size === 0 || bytesEqual(this.#rest(0), state.root)) return;
    // A tile at the right edge is not what it should be: all of them are derived again.
    this.#levels.length = 0;
    this.#kept = 0;
    this.#crowns.clear();
    this.#block = undefined;
    this.#rests = new Map();
    for (let level = 0; tileWidth(level, 0, state.size) > 0; level += 1) {
      const index = Math.floor(state.size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, state.size);
      if (width > 0)
        this.#keep(level, index, this.#fold(this.#sources.derived, level, index, width));
    }
    if (bytesEqual(this.#rest(0), state.root)) return;
    this.#state = { size: 0, root: new Uint8Array(0) };
    const facts = { tree: this.#tree, size: state.size };
    throw new Fault("STORE_DAMAGED", "the log does not give the root that was certified", facts);
  }

  #node(level: number, index: number): Uint8Array {
    const height = level % TILE_HEIGHT;
    const tileLevel = (level - height) / TILE_HEIGHT;
    const first = index * 2 ** height;
    const number = Math.floor(first / TILE_WIDTH);
    const position = (first % TILE_WIDTH) >> height;
    if (tileLevel === 0 && this.#levels[0]?.has(number) !== true) {
      const node = this.#nodeOfCrown(number, height, position);
      if (node !== undefined) return node;
    }
    return nodeOf(this.#tile(tileLevel, number), height, position);
  }

  /** A node of a tile of leaves whose crown is kept; undefined where it has to be folded. */
  #nodeOfCrown(tile: number, height: number, position: number): Uint8Array | undefined {
    const crown = this.#crowns.get(tile);
    if (crown === undefined) return undefined;
    if (this.#crowns.size >= this.#limits.crowns) {
      this.#crowns.delete(tile);
      this.#crowns.set(tile, crown);
    }
    if (height >= CROWN_HEIGHT) return crownNode(crown, height, position);
    const block = (position << height) >> CROWN_HEIGHT;
    if (this.#block?.tile !== tile || this.#block.block !== block) {
      const nodes = this.#foldBlock(tile, block);
      const root = nodes.subarray(nodes.length - DIGEST_BYTES);
      if (!bytesEqual(root, crownNode(crown, CROWN_HEIGHT, block))) {
        // The stored tile is not what it was: it is folded, and if need be derived, as a whole.
        this.#crowns.delete(tile);
        return undefined;
      }
      this.#block = { tile, block, nodes };
    }
    const within = position & ((CROWN_LEAVES >> height) - 1);
    const at = (2 * CROWN_LEAVES - 2 ** (CROWN_HEIGHT + 1 - height) + within) * DIGEST_BYTES;
    return this.#block.nodes.subarray(at, at + DIGEST_BYTES);
  }

  #foldBlock(tile: number, block: number): Uint8Array {
    const nodes = new Uint8Array((2 * CROWN_LEAVES - 1) * DIGEST_BYTES);
    const first = block * CROWN_LEAVES;
    const place = { tree: this.#tree, level: 0, index: tile, first, count: CROWN_LEAVES };
    const end = first + CROWN_LEAVES;
    const leaves =
      this.#sources.part?.(place) ??
      this.#sources.stored(this.#tree, 0, tile).subarray(first * DIGEST_BYTES, end * DIGEST_BYTES);
    nodes.set(leaves);
    foldUp(this.#hasher, nodes);
    return nodes;
  }

  #tile(level: number, index: number): FoldedTile {
    const kept = this.#levels[level]?.get(index);
    // A whole tile never changes, and holds what its beginning held.
    const isWhole = kept?.width === TILE_WIDTH;
    const width = isWhole ? TILE_WIDTH : tileWidth(level, index, this.#state.size);
    if (kept?.width === width) {
      // Only where the cache is full does the order count, and leaves' tiles alone go.
      if (level === 0 && this.#kept >= this.#limits.tiles) {
        this.#levels[level].delete(index);
        this.#levels[level].set(index, kept);
      }
      return kept;
    }
    let tile = this.#fold(this.#sources.stored, level, index, width);
    if (width === TILE_WIDTH && !this.#isTrue(level, index, tile)) {
      tile = this.#fold(this.#sources.derived, level, index, width);
      if (!this.#isTrue(level, index, tile)) {
        const facts = { tree: this.#tree, level, index };
        throw new Fault("STORE_DAMAGED", "the log does not give a certified tile", facts);
      }
    }
    this.#keep(level, index, tile);
    if (level === 0 && width === TILE_WIDTH) this.#keepCrown(index, tile);
    return tile;
  }

  #keepCrown(index: number, tile: FoldedTile): void {
    this.#crowns.set(index, tile.nodes.slice(STARTS[CROWN_HEIGHT] * DIGEST_BYTES));
    if (this.#crowns.size <= this.#limits.crowns) return;
    for (const oldest of this.#crowns.keys()) {
      this.#crowns.delete(oldest);
      return;
    }
  }

  /** Whether the tile above holds this tile's root; that one is checked first. */
  #isTrue(level: number, index: number, tile: FoldedTile): boolean {
    const above = this.#tile(level + 1, Math.floor(index / TILE_WIDTH));
    return bytesEqual(nodeOf(above, 0, index % TILE_WIDTH), nodeOf(tile, TILE_HEIGHT, 0));
  }

  #keep(level: number, index: number, tile: FoldedTile): void {
    const tiles = (this.#levels[level] ??= new Map<number, FoldedTile>());
    if (!tiles.has(index)) this.#kept += 1;
    tiles.set(index, tile);
    // Leaves' tiles are many and cheap to read again; those above are few and always needed.
    const [lowest] = this.#levels;
    while (this.#kept > this.#limits.tiles && lowest !== undefined && lowest.size > 1) {
      for (const oldest of lowest.keys()) {
        lowest.delete(oldest);
        this.#kept -= 1;
        break;
      }
    }
  }

  #fold(read: ReadTile, level: number, index: number, width: number): FoldedTile {
    const nodes = new Uint8Array((2 * TILE_WIDTH - 1) * DIGEST_BYTES);
    nodes.set(read(this.#tree, level, index).subarray(0, width * DIGEST_BYTES));
    const tile = { width, nodes };
    if (width === TILE_WIDTH) foldUp(this.#hasher, nodes);
    else this.#foldEdge(tile);
    return tile;
  }

  /** Folds a tile at the right edge as far as whole subtrees reach. */
  #foldEdge(tile: FoldedTile): void {
    for (let height = 1; tile.width >> height > 0; height += 1) {
      for (let position = 0; position < tile.width >> height; position += 1) {
        const left = nodeOf(tile, height - 1, 2 * position);
        const right = nodeOf(tile, height - 1, 2 * position + 1);
        const hash = nodeHash(this.#hasher, left, right);
        tile.nodes.set(hash, (STARTS[height] + position) * DIGEST_BYTES);
      }
    }
  }
}

/** Folds a power of two of hashes at the beginning of `nodes` into all nodes above them. */
function foldUp(hasher: Hasher, nodes: Uint8Array): void {
  if (hasher.foldNodes?.(nodes) === true) return;
  const leaves = (nodes.length / DIGEST_BYTES + 1) / 2;
  for (let from = 0, to = leaves; to < 2 * leaves - 1; from += 2, to += 1) {
    const at = from * DIGEST_BYTES;
    const left = nodes.subarray(at, at + DIGEST_BYTES);
    const right = nodes.subarray(at + DIGEST_BYTES, at + 2 * DIGEST_BYTES);
    nodes.set(nodeHash(hasher, left, right), to * DIGEST_BYTES);
  }
}

function crownNode(crown: Uint8Array, height: number, position: number): Uint8Array {
  const at = (STARTS[height] - STARTS[CROWN_HEIGHT] + position) * DIGEST_BYTES;
  return crown.subarray(at, at + DIGEST_BYTES);
}

/** log2 of a power of two; −1 of any other count. */
function levelOf(count: number): number {
  if (count < 2 ** 31) return (count & (count - 1)) === 0 ? 31 - Math.clz32(count) : -1;
  const upper = count / 2 ** 31;
  return Number.isInteger(upper) ? 31 + levelOf(upper) : -1;
}
