/**
 * Decides the forms in which the integers of an exact product's operand lie in memory: how many a
 * word holds, how many words stand for it, and which of its neighbours are neighbours there.
 */

/**
 * - `pairs`: two signed 16-bit integers a word.
 * - `bytes`: four signed bytes a word.
 * - `slices`: four signed bytes a word, three times: high digits, low digits, their sums.
 * - `whole`: one integer a word, as an f32.
 * - `digits`: one integer a word, as an f32, twice: high digit and low digit.
 * - `byte-lines`, `digit-lines`: signed bytes along a line; the latter twice, high and low digits.
 */
export type Packing =
  "pairs" | "bytes" | "slices" | "whole" | "digits" | "byte-lines" | "digit-lines";

/** What is known of a packing. */
export interface PackingFacts {
  /** Integers a word. */
  readonly each: number;
  /** Words that stand for it. */
  readonly slices: number;
  /** Whether the words of a line are neighbours, else the lines of a word. */
  readonly alongLine: boolean;
}

const across = { alongLine: false } as const;
const along = { alongLine: true } as const;

/** Facts by packing. */
export const PACKINGS: Readonly<Record<Packing, PackingFacts>> = {
  pairs: { ...across, each: 2, slices: 1 },
  bytes: { ...across, each: 4, slices: 1 },
  slices: { ...across, each: 4, slices: 3 },
  whole: { ...across, each: 1, slices: 1 },
  digits: { ...across, each: 1, slices: 2 },
  "byte-lines": { ...along, each: 4, slices: 1 },
  "digit-lines": { ...along, each: 4, slices: 2 },
};
