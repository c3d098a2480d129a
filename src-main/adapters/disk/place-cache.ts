/**
 * Decides which places of entries are in memory: those of every run that was read and is complete,
 * as plain numbers side by side, so that reading a slot touches as little of them in a long ledger
 * as in a young one. A complete run's row never changes; pruned runs are not asked for.
 */

import { ENTRY_PREFIX_BYTES } from "./entry-file.ts";
import type { EntryPlace } from "./entry-file.ts";
import { lengthsOf, placeIn, runOf, runStart } from "./entry-runs.ts";
import type { ByteTable } from "./ledger-database.ts";
import { PLACE_CHUNK_RUNS, PLACE_CHUNKS_MAX, RUN_SLOTS } from "./limits.ts";

/** Runs that follow each other. */
interface Chunk {
  /** Offset of each run's first entry; −1 where it is not known. */
  readonly starts: Float64Array;
  /** Where each entry ends, counted from its run's first one. */
  readonly ends: Uint32Array;
}

/** The places of a store's entries. */
export class PlaceCache {
  readonly #places: ByteTable<number>;
  /** By number; the oldest first. */
  readonly #chunks = new Map<number, Chunk>();
  #lastNumber = -1;
  #last: Chunk | undefined;

  constructor(places: ByteTable<number>) {
    this.#places = places;
  }

  /** Place of a slot; undefined when there is none, false when it is malformed. */
  get(slot: number): EntryPlace | undefined | false {
    const run = runOf(slot);
    const chunk = this.#chunkOf(Math.floor(run / PLACE_CHUNK_RUNS));
    const at = run % PLACE_CHUNK_RUNS;
    if (chunk === undefined || chunk.starts[at] < 0) return this.#read(slot);
    const position = slot % RUN_SLOTS;
    const own = at * RUN_SLOTS + position;
    const begin = position === 0 ? 0 : chunk.ends[own - 1];
    const length = chunk.ends[own] - begin - ENTRY_PREFIX_BYTES;
    return { offset: chunk.starts[at] + begin, length };
  }

  #read(slot: number): EntryPlace | undefined | false {
    const run = runOf(slot);
    const row = this.#places.get(run);
    if (row === undefined) return undefined;
    const lengths = lengthsOf(row);
    if (lengths !== undefined) {
      const chunk = this.#chunkFor(Math.floor(run / PLACE_CHUNK_RUNS));
      const at = run % PLACE_CHUNK_RUNS;
      let end = 0;
      for (let position = 0; position < RUN_SLOTS; position += 1) {
        end += ENTRY_PREFIX_BYTES + lengths[position];
        chunk.ends[at * RUN_SLOTS + position] = end;
      }
      chunk.starts[at] = runStart(row);
    }
    return placeIn(row, slot) ?? false;
  }

  #chunkOf(number: number): Chunk | undefined {
    if (number !== this.#lastNumber) {
      this.#last = this.#chunks.get(number);
      this.#lastNumber = number;
    }
    return this.#last;
  }

  #chunkFor(number: number): Chunk {
    const known = this.#chunkOf(number);
    if (known !== undefined) return known;
    const chunk = {
      starts: new Float64Array(PLACE_CHUNK_RUNS).fill(-1),
      ends: new Uint32Array(PLACE_CHUNK_RUNS * RUN_SLOTS),
    };
    this.#chunks.set(number, chunk);
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= PLACE_CHUNKS_MAX) break;
      this.#chunks.delete(oldest);
    }
    this.#last = chunk;
    this.#lastNumber = number;
    return chunk;
  }
}
