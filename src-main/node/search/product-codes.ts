/**
 * Decides how embeddings are held as codes (product quantisation; Jégou, Douze, Schmid 2011): a
 * vector is cut into parts, and of each part only the number of its nearest centroid is kept, one
 * byte. A query is measured against all centroids once, then each entry is a few look-ups. Local
 * and approximate: whoever uses the candidates measures them again.
 */

import { nearestCentroid, squaredDistance } from "../../ledger/index/index.ts";
import type { NearestIndex, NearestIndexMaker } from "../../ports/nearest-index.ts";
import { NearestSlots } from "./nearest-slots.ts";
import { CODE_CENTROIDS, CODE_ROUNDS, CODE_SAMPLE_MAX } from "./limits.ts";

/** Rows that the tables begin with. */
const ROWS_FIRST = 1_024;

/** Bytes of an entry beside its code: its slot and its place. */
const CODED_ROW_BYTES = 64;

/** Numbers first..end of a vector. */
interface Part {
  readonly first: number;
  readonly end: number;
}

/** Codes of `codeBytes` bytes each: int8 vectors become dimension / codeBytes times smaller. */
export function codesMaker(codeBytes: number): NearestIndexMaker {
  return {
    name: `codes of ${codeBytes} bytes`,
    sampleWanted: CODE_SAMPLE_MAX,
    bytesPerEntry: (dimension) => Math.min(codeBytes, dimension) + CODED_ROW_BYTES,
    make: (dimension, sample) => new CodedIndex(partsOf(dimension, codeBytes), dimension, sample),
  };
}

/** The parts of a vector: as equal as they can be, the longer ones first. */
function partsOf(dimension: number, wanted: number): readonly Part[] {
  const count = Math.min(wanted, dimension);
  const parts: Part[] = [];
  for (let at = 0, first = 0; at < count; at += 1) {
    const end = first + Math.ceil((dimension - first) / (count - at));
    parts.push({ first, end });
    first = end;
  }
  return parts;
}

class CodedIndex implements NearestIndex {
  readonly #parts: readonly Part[];
  readonly #dimension: number;
  readonly #sample: Int8Array;
  /** Of each part, its centroids one after another. */
  #centroids: Int8Array[] = [];
  #codes: Uint8Array;
  #slots = new Float64Array(ROWS_FIRST);
  readonly #rows = new Map<number, number>();

  constructor(parts: readonly Part[], dimension: number, sample: Int8Array) {
    this.#parts = parts;
    this.#dimension = dimension;
    this.#sample = sample;
    this.#codes = new Uint8Array(ROWS_FIRST * parts.length);
  }

  get entries(): number {
    return this.#rows.size;
  }

  /** Learns the centroids, one part in each step. */
  *prepare(): Iterable<undefined> {
    const centroids: Int8Array[] = [];
    for (const part of this.#parts) {
      centroids.push(learnCentroids(columns(this.#sample, this.#dimension, part), part));
      yield;
    }
    this.#centroids = centroids;
  }

  add(slots: readonly number[], embeddings: Int8Array): void {
    if (this.#centroids.length === 0) for (const step of this.prepare()) void step;
    for (const [at, slot] of slots.entries()) {
      const row = this.#rows.size;
      this.#grow(row + 1);
      const from = at * this.#dimension;
      this.#encode(row, embeddings.subarray(from, from + this.#dimension));
      this.#slots[row] = slot;
      this.#rows.set(slot, row);
    }
  }

  remove(slot: number): void {
    const row = this.#rows.get(slot);
    if (row === undefined) return;
    const last = this.#rows.size - 1;
    const width = this.#parts.length;
    const moved = this.#slots[last];
    this.#codes.copyWithin(row * width, last * width, (last + 1) * width);
    this.#slots[row] = moved;
    this.#rows.set(moved, row);
    this.#rows.delete(slot);
  }

  nearest(query: Int8Array, count: number): readonly number[] {
    const table = this.#distances(query);
    const width = this.#parts.length;
    const codes = this.#codes;
    const rows = this.#rows.size;
    const best = new NearestSlots(count);
    for (let row = 0, at = 0; row < rows; row += 1) {
      let distance = 0;
      for (let part = 0; part < width; part += 1, at += 1) {
        distance += table[part * CODE_CENTROIDS + codes[at]];
      }
      if (distance < best.bound) best.add(this.#slots[row], distance);
    }
    return best.slots();
  }

  /** Distance of each part of the query to each of its centroids. */
  #distances(query: Int8Array): Float64Array {
    const table = new Float64Array(this.#parts.length * CODE_CENTROIDS);
    for (const [part, { first, end }] of this.#parts.entries()) {
      const own = query.subarray(first, end);
      const centroids = this.#centroids.at(part) ?? new Int8Array(0);
      for (let id = 0; id * own.length < centroids.length; id += 1) {
        table[part * CODE_CENTROIDS + id] = squaredDistance(
          own,
          centroids,
          id * own.length,
          Infinity,
        );
      }
    }
    return table;
  }

  #encode(row: number, embedding: Int8Array): void {
    for (const [part, { first, end }] of this.#parts.entries()) {
      const code = nearestCentroid(embedding.subarray(first, end), this.#centroids[part]);
      this.#codes[row * this.#parts.length + part] = code;
    }
  }

  #grow(rows: number): void {
    if (rows <= this.#slots.length) return;
    const slots = new Float64Array(2 * rows);
    slots.set(this.#slots);
    this.#slots = slots;
    const codes = new Uint8Array(2 * rows * this.#parts.length);
    codes.set(this.#codes);
    this.#codes = codes;
  }
}

/** One part of every vector, one after another. */
function columns(vectors: Int8Array, dimension: number, { first, end }: Part): Int8Array {
  const width = end - first;
  const count = vectors.length / dimension;
  const own = new Int8Array(count * width);
  for (let at = 0; at < count; at += 1) {
    own.set(vectors.subarray(at * dimension + first, at * dimension + end), at * width);
  }
  return own;
}

/** k-means over one part: seeds by stride, a fixed number of rounds, an empty cluster stays. */
function learnCentroids(points: Int8Array, { first, end }: Part): Int8Array {
  const width = end - first;
  const count = points.length / width;
  const clusters = Math.min(CODE_CENTROIDS, count);
  const centroids = new Int8Array(clusters * width);
  for (let id = 0; id < clusters; id += 1) {
    const from = Math.floor((id * count) / clusters) * width;
    centroids.set(points.subarray(from, from + width), id * width);
  }
  for (let round = 0; round < CODE_ROUNDS; round += 1) {
    const sums = new Float64Array(clusters * width);
    const sizes = new Float64Array(clusters);
    for (let at = 0; at < points.length; at += width) {
      const id = nearestCentroid(points.subarray(at, at + width), centroids);
      sizes[id] += 1;
      for (let column = 0; column < width; column += 1) {
        sums[id * width + column] += points[at + column];
      }
    }
    for (const [place, sum] of sums.entries()) {
      const size = sizes[Math.floor(place / width)];
      if (size > 0) centroids[place] = Math.round(sum / size);
    }
  }
  return centroids;
}
