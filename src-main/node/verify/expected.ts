/**
 * Decides what a store should hold beside the records: state pages, tiles and local indexes, kept
 * in memory while the log is executed again, and compared with the store at the end. Complete tiles
 * are compared as they come to be, so that only the right edges are kept.
 */

import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { ExecutedCommit, Head, StatePageChange } from "../../ledger/index.ts";
import { TILE_WIDTH } from "../../ledger/index.ts";
import type { IndexRow, LedgerReader, TreeName, TreeTile } from "../../ports/ledger-store.ts";
import { VERSION_ROW } from "../history/index-rows.ts";
import { tilesAfter } from "../tree-tiles.ts";
import { damage } from "./damage.ts";

/** What the log gives. */
export class Expected {
  readonly #store: LedgerReader;
  readonly #hasher: Hasher;
  readonly #pages = new Map<string, Uint8Array>();
  readonly #edges = new Map<string, TreeTile>();
  readonly #index = new Map<string, Uint8Array>();
  #tiles = 0;

  constructor(store: LedgerReader, hasher: Hasher) {
    this.#store = store;
    this.#hasher = hasher;
    this.indexed([VERSION_ROW]);
  }

  /** How much of each kind the log gave so far. */
  counts(): { readonly pages: number; readonly tiles: number; readonly indexRows: number } {
    const tiles = this.#tiles + this.#edges.size;
    return { pages: this.#pages.size, tiles, indexRows: this.#index.size };
  }

  /** A page of the state executed so far. */
  page(key: Uint8Array): Uint8Array | undefined {
    return this.#pages.get(bytesToHex(key));
  }

  /** Begins with no page: the genesis is not what execution starts from. */
  forgetPages(): void {
    this.#pages.clear();
  }

  /** Takes over changed pages. */
  pagesChange(pages: readonly StatePageChange[]): void {
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.#pages.delete(bytesToHex(key));
      else this.#pages.set(bytesToHex(key), bytes);
    }
  }

  /** Takes over rows of the local indexes. */
  indexed(rows: readonly IndexRow[]): void {
    for (const { key, bytes } of rows) this.#index.set(bytesToHex(key), bytes);
  }

  /** Takes over tiles at the right edge that grow on. */
  edges(tree: TreeName, tiles: readonly Omit<TreeTile, "tree">[]): void {
    for (const tile of tiles) {
      if (tile.hashes.length === 0) continue;
      this.#edges.set(`${tree}/${tile.level}/${tile.index}`, { tree, ...tile });
    }
  }

  /** Takes over leaves whose records are not at hand. */
  leaves(tree: TreeName, frontier: Uint8Array, leafHashes: readonly Uint8Array[]): void {
    this.#growTree(tree, frontier, leafHashes);
  }

  /** Takes over the leaves of a commit; compares the tiles they complete. */
  grow(parent: Head, executed: ExecutedCommit): void {
    const { leafHashes, outcomeLeafHashes } = executed;
    this.#growTree("vector", parent.vectorFrontier, leafHashes);
    this.#growTree("outcome", parent.outcomeFrontier, outcomeLeafHashes);
  }

  /**
   * Compares everything with the store; throws the first damage. The local indexes of a ledger
   * that was pruned hold what its records would give, which cannot be derived again.
   */
  compareAll(isPruned: boolean): void {
    this.#comparePages();
    for (const tile of this.#edges.values()) this.#compareTile(tile);
    if (!isPruned) this.#compareIndex();
  }

  #growTree(tree: TreeTile["tree"], frontier: Uint8Array, leafHashes: readonly Uint8Array[]): void {
    const growth = { tree, frontier, leafHashes };
    const edgeOf = (of: string, level: number, index: number): Uint8Array => {
      const edge = this.#edges.get(`${of}/${level}/${index}`);
      invariant(edge !== undefined, "an edge that grows is kept");
      return edge.hashes;
    };
    for (const tile of tilesAfter(this.#hasher, growth, edgeOf)) {
      const name = `${tree}/${tile.level}/${tile.index}`;
      if (tile.hashes.length < TILE_WIDTH * 32) {
        this.#edges.set(name, tile);
        continue;
      }
      this.#edges.delete(name);
      this.#tiles += 1;
      this.#compareTile(tile);
    }
  }

  /** A tile that is gone is no damage: it is derived again when it is asked for. */
  #compareTile({ tree, level, index, hashes }: TreeTile): void {
    const held = this.#store.tile(tree, level, index);
    if (held === undefined || bytesEqual(held, hashes)) return;
    throw damage("NODE_VERIFY_TILE", { tree, level, index });
  }

  #comparePages(): void {
    let held = 0;
    for (const { key, bytes } of this.#store.pages()) {
      held += 1;
      const expected = this.#pages.get(bytesToHex(key));
      if (expected !== undefined && bytesEqual(bytes, expected)) continue;
      throw damage("NODE_VERIFY_STATE", { page: bytesToHex(key) });
    }
    if (held === this.#pages.size) return;
    throw damage("NODE_VERIFY_STATE", { what: "pages are missing", held, due: this.#pages.size });
  }

  #compareIndex(): void {
    for (const [key, bytes] of this.#index) {
      const [held] = this.#store.index(hexToBytes(key), 1);
      if (held !== undefined && bytesToHex(held.key) === key && bytesEqual(held.bytes, bytes)) {
        continue;
      }
      throw damage("NODE_VERIFY_INDEX", { row: key });
    }
    const held = this.#store.index(new Uint8Array(0), this.#index.size + 1).length;
    if (held === this.#index.size) return;
    throw damage("NODE_VERIFY_INDEX", { what: "rows are too many", due: this.#index.size });
  }
}
