/**
 * Decides what worker and verifier alike write down of a segment while its steps run: the losses
 * and the batches' leaf hashes, which become inner digest and batch digest at its end.
 */

import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { batchDigest, innerDigest, segmentSteps } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { Batch } from "./batch-source.ts";

/** What a finished tape says. */
export interface SegmentDigests {
  readonly batchDigest: Uint8Array;
  readonly innerDigest: Uint8Array;
}

/** The record of one segment in progress. */
export class SegmentTape {
  readonly #segment: number;
  readonly #first: number;
  readonly #last: number;
  readonly #lossBits: Uint32Array;
  readonly #leafHashes: Uint8Array;
  #steps = 0;
  #lossSum = 0;

  constructor(spec: JobSpecification, segment: number) {
    const { first, last } = segmentSteps(spec, segment);
    this.#segment = segment;
    this.#first = first;
    this.#last = last;
    this.#lossBits = new Uint32Array(last - first + 1);
    this.#leafHashes = new Uint8Array(32 * spec.batchSize * (last - first + 1));
  }

  /** The next step to run; beyond `last` when the segment is done. */
  get next(): number {
    return this.#first + this.#steps;
  }

  /** Number of the segment's last step. */
  get last(): number {
    return this.#last;
  }

  /** Steps that were written down. */
  get steps(): number {
    return this.#steps;
  }

  /** Bits of their losses. */
  get lossBits(): readonly number[] {
    return [...this.#lossBits.subarray(0, this.#steps)];
  }

  /** Mean loss of the steps so far. */
  get meanLoss(): number {
    return this.#steps === 0 ? 0 : this.#lossSum / this.#steps;
  }

  /** Writes down the step `next`. */
  add(batch: Batch, loss: Float32Array): void {
    invariant(loss.length === 1 && this.next <= this.#last, "one loss for each step of a segment");
    const bits = new Uint32Array(loss.buffer, loss.byteOffset, 1);
    this.#lossBits[this.#steps] = bits[0];
    this.#leafHashes.set(batch.leafHashes, this.#steps * batch.leafHashes.length);
    this.#lossSum += loss[0];
    this.#steps += 1;
  }

  /** The digests of the whole segment. */
  finish(h: Hasher, unit: Uint8Array): SegmentDigests {
    invariant(this.next === this.#last + 1, "every step of the segment was run");
    return {
      batchDigest: batchDigest(h, this.#last, this.#leafHashes),
      innerDigest: innerDigest(h, unit, this.#segment, this.#lossBits),
    };
  }
}
