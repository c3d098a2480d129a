/**
 * Decides how numbered labels become classes: the classes are the numbers from the lowest label to
 * the highest, none left out, all within 0…255; class 0 of the blob is the lowest. Where numbers
 * are missing, most of the span used means that a class is empty, and otherwise the labels past
 * the first gap are not class numbers at all.
 */

import { stop } from "./stop.ts";
import type { ImportFacts } from "./stop.ts";

/** The largest class number; a label is one byte. */
export const CLASS_NUMBER_MAX = 255;

/** The classes of numbered labels. */
export interface NumberedClasses {
  readonly lowest: number;
  readonly classNames: readonly string[];
}

/**
 * The classes of at least one label.
 * @param labels   integers in reading order
 * @param whereIs  facts that name the place of a sample
 * @rejects DATA_IMPORT_LABEL_RANGE, _EMPTY_CLASS, _ONE_CLASS with the place
 */
export function numberedClasses(
  labels: ArrayLike<number>,
  whereIs: (sample: number) => ImportFacts,
): NumberedClasses {
  const first = new Map<number, number>();
  for (let sample = 0; sample < labels.length; sample += 1) {
    const label = labels[sample];
    if (label < 0 || label > CLASS_NUMBER_MAX) {
      outOfRange(label, `0 to ${CLASS_NUMBER_MAX}`, whereIs(sample));
    }
    if (!first.has(label)) first.set(label, sample);
  }
  const numbers = [...first.keys()].sort((one, other) => one - other);
  const [lowest] = numbers;
  if (numbers.length === 1) stop("DATA_IMPORT_ONE_CLASS", { class: lowest, ...whereIs(0) });
  const gap = numbers.findIndex((number, index) => number !== lowest + index);
  if (gap >= 0) {
    const missing = lowest + gap;
    const next = numbers[gap];
    const place = whereIs(first.get(next) ?? 0);
    const span = (numbers.at(-1) ?? lowest) - lowest + 1;
    if (span > 2 * numbers.length) outOfRange(next, rangeText(lowest, missing - 1), place);
    stop("DATA_IMPORT_EMPTY_CLASS", { class: missing, nextLabel: next, ...place });
  }
  return { lowest, classNames: numbers.map(String) };
}

/**
 * Checks labels of a given hold-out against the classes of the training part.
 * @rejects DATA_IMPORT_LABEL_RANGE with the place
 */
export function checkNumbered(
  labels: ArrayLike<number>,
  { lowest, classNames }: NumberedClasses,
  whereIs: (sample: number) => ImportFacts,
): void {
  const highest = lowest + classNames.length - 1;
  for (let sample = 0; sample < labels.length; sample += 1) {
    if (labels[sample] >= lowest && labels[sample] <= highest) continue;
    outOfRange(labels[sample], rangeText(lowest, highest), whereIs(sample));
  }
}

function rangeText(lowest: number, highest: number): string {
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}

function outOfRange(label: number, expected: string, place: ImportFacts): never {
  stop("DATA_IMPORT_LABEL_RANGE", { label, expected, ...place });
}
