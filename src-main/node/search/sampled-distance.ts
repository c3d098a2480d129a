/**
 * Decides how far apart two vectors are judged by somebody who holds some of the numbers only,
 * drawn at random without replacement: the mean of the held terms times the dimension, which is
 * unbiased over the draw, and a bound that holds with a stated probability (Serfling 1974, in the
 * form of Bardenet and Maillard 2015, theorem 2.4).
 */

/** What is held of a vector. */
export interface SampledVector {
  readonly dimension: number;
  /** Which numbers, ascending. */
  readonly places: Uint16Array;
  readonly numbers: Int8Array;
  /** Least and greatest number of the whole vector: two bytes that make the bound a guarantee. */
  readonly least: number;
  readonly greatest: number;
}

/** A squared distance as far as it can be told. */
export interface DistanceEstimate {
  readonly estimate: number;
  /** The distance is within this much of the estimate, but for `failure` of all draws. */
  readonly bound: number;
}

/**
 * Draws `count` of the places 0..dimension − 1, ascending.
 * @param below  a whole number from 0 to below its argument, each as likely
 */
export function drawPlaces(
  below: (end: number) => number,
  dimension: number,
  count: number,
): Uint16Array {
  const places = Uint16Array.from({ length: dimension }, (_, place) => place);
  for (let at = 0; at < count; at += 1) {
    const other = at + below(dimension - at);
    const drawn = places[other];
    places[other] = places[at];
    places[at] = drawn;
  }
  return places.slice(0, count).sort((left, right) => left - right);
}

/** What is held of a vector at those places. */
export function sampleVector(vector: Int8Array, places: Uint16Array): SampledVector {
  let least = 127;
  let greatest = -128;
  for (const number of vector) {
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
  }
  const numbers = Int8Array.from(places, (place) => vector[place]);
  return { dimension: vector.length, places, numbers, least, greatest };
}

/**
 * The squared distance to a query of the same dimension.
 * @param failure  part of all draws for which the bound may not hold, above 0 and below 1
 */
export function estimateDistance(
  query: Int8Array,
  sampled: SampledVector,
  failure: number,
): DistanceEstimate {
  const { dimension, places, numbers } = sampled;
  const count = places.length;
  let sum = 0;
  for (const [at, place] of places.entries()) {
    const difference = query[place] - numbers[at];
    sum += difference * difference;
  }
  const estimate = (dimension * sum) / count;
  return {
    estimate,
    bound: dimension * meanBound(count, dimension, termMost(query, sampled), failure),
  };
}

/** The largest squared difference there can be: every number lies between least and greatest. */
function termMost(query: Int8Array, { least, greatest }: SampledVector): number {
  let most = 0;
  for (const number of query) {
    const farthest = Math.max(Math.abs(number - least), Math.abs(number - greatest));
    most = Math.max(most, farthest * farthest);
  }
  return most;
}

/** How far a mean of `count` of `dimension` terms from 0 to `most` may be from the mean of all. */
function meanBound(count: number, dimension: number, most: number, failure: number): number {
  const few = 1 - (count - 1) / dimension;
  const many = (1 - count / dimension) * (1 + 1 / count);
  const left = count <= dimension / 2 ? few : many;
  return most * Math.sqrt((left * Math.log(2 / failure)) / (2 * count));
}
