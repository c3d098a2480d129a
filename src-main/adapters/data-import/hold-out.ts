/**
 * Decides which samples are held out, and where each sample stands in the blob. Without a given
 * hold-out, sample n of each class in reading order (from 0) is held out when n mod 10 = 9; of a
 * class of two to nine samples the last is, so that every class is both learned and judged.
 * Training samples stand first in the blob, then the held-out ones, both in reading order.
 */

import { stop } from "./stop.ts";
import type { ImportFacts } from "./stop.ts";

const HELD_OUT_EVERY = 10;

/** Where samples go. */
export interface Split {
  readonly trainCount: number;
  readonly holdoutCount: number;
  /** For each sample in reading order its position in the blob. */
  readonly places: Uint32Array;
}

/** Whether sample n of a class of `size` samples is held out. */
export function isHeldOut(n: number, size: number): boolean {
  return n % HELD_OUT_EVERY === HELD_OUT_EVERY - 1 || (size < HELD_OUT_EVERY && n === size - 1);
}

/** How many samples each class has. */
export function classSizes(labels: Uint8Array, classes: number): Uint32Array {
  const sizes = new Uint32Array(classes);
  for (const label of labels) sizes[label] += 1;
  return sizes;
}

/**
 * Every tenth sample of each class is held out.
 * @param labels      the class of each sample in reading order, each below the number of classes
 * @param classNames  the classes, each with at least one sample
 * @param whereIs     facts that name the place of a sample
 * @rejects DATA_IMPORT_SINGLE_SAMPLE with class and place
 */
export function everyTenth(
  labels: Uint8Array,
  classNames: readonly string[],
  whereIs: (sample: number) => ImportFacts,
): Split {
  const sizes = classSizes(labels, classNames.length);
  const seen = new Uint32Array(classNames.length);
  const heldOut = new Uint8Array(labels.length);
  let trainCount = 0;
  labels.forEach((label, sample) => {
    if (sizes[label] === 1) {
      stop("DATA_IMPORT_SINGLE_SAMPLE", { class: classNames[label], ...whereIs(sample) });
    }
    heldOut[sample] = isHeldOut(seen[label], sizes[label]) ? 1 : 0;
    trainCount += 1 - heldOut[sample];
    seen[label] += 1;
  });
  return { trainCount, holdoutCount: labels.length - trainCount, places: places(heldOut) };
}

/** A given hold-out: the first `trainCount` samples are for training, the others are held out. */
export function givenHoldout(trainCount: number, holdoutCount: number): Split {
  const order = new Uint32Array(trainCount + holdoutCount);
  order.forEach((_, sample) => {
    order[sample] = sample;
  });
  return { trainCount, holdoutCount, places: order };
}

function places(heldOut: Uint8Array): Uint32Array {
  const found = new Uint32Array(heldOut.length);
  let next = 0;
  for (const side of [0, 1]) {
    heldOut.forEach((value, sample) => {
      if (value !== side) return;
      found[sample] = next;
      next += 1;
    });
  }
  return found;
}
