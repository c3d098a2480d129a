/** A structure that finds the nearest by looking at all, and ways to make it err. */

import { squaredDistance } from "../../src-main/ledger/index/index.ts";
import type { NearestIndex, NearestIndexMaker } from "../../src-main/ports/nearest-index.ts";

/** Changes what it names. */
export type NearestFault = (slots: readonly number[]) => readonly number[];

/** Makes structures that are right, but for `fault`; keeps what it made. */
export class NaiveNearest implements NearestIndexMaker {
  readonly name = "naive";
  readonly sampleWanted: number;
  readonly made: NearestIndex[] = [];
  readonly samples: Int8Array[] = [];
  fault: NearestFault = (slots) => slots;

  constructor(sampleWanted = 0) {
    this.sampleWanted = sampleWanted;
  }

  bytesPerEntry(dimension: number): number {
    return dimension;
  }

  make(dimension: number, sample: Int8Array): NearestIndex {
    const held = new Map<number, Int8Array>();
    this.samples.push(sample);
    const index: NearestIndex = {
      get entries() {
        return held.size;
      },
      add: (slots, embeddings) => {
        for (const [at, slot] of slots.entries()) {
          held.set(slot, embeddings.slice(at * dimension, (at + 1) * dimension));
        }
      },
      remove: (slot) => void held.delete(slot),
      nearest: (query, count) => {
        const ranked = [...held].map(([slot, vector]) => {
          return { slot, distance: squaredDistance(query, vector, 0, Infinity) };
        });
        ranked.sort((one, other) => one.distance - other.distance || one.slot - other.slot);
        return this.fault(ranked.map(({ slot }) => slot)).slice(0, count);
      },
    };
    this.made.push(index);
    return index;
  }
}
