import { describe, expect, it } from "vitest";
import { squaredDistance } from "../../../../src-main/ledger/index/index.ts";
import {
  drawPlaces,
  estimateDistance,
  sampleVector,
} from "../../../../src-main/node/search/sampled-distance.ts";
import { SeededRandom } from "../../../worlds/seeded-random.ts";

const DIMENSION = 128;
const DRAWS = 4_000;
const FAILURE = 0.05;

function vectors(seed: number): readonly [Int8Array, Int8Array] {
  const random = new SeededRandom(seed);
  const one = () => Int8Array.from({ length: DIMENSION }, () => random.below(256) - 128);
  return [one(), one()];
}

/** Estimates of one distance over many draws. */
function estimates(seed: number, count: number) {
  const random = new SeededRandom(1_000 + seed);
  const [query, vector] = vectors(seed);
  const draws = Array.from({ length: DRAWS }, () => {
    const places = drawPlaces((end) => random.below(end), DIMENSION, count);
    return estimateDistance(query, sampleVector(vector, places), FAILURE);
  });
  return { exact: squaredDistance(query, vector, 0, Infinity), draws };
}

/** Whether the mean lies within four standard errors of the distance. */
function isUnbiased(exact: number, values: readonly number[]): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return Math.abs(mean - exact) <= 4 * error;
}

describe("sampled distance", () => {
  it.each([16, 32, 64, 96])("is unbiased over draws of %i of 128 numbers", (count) => {
    for (const seed of [1, 2, 3]) {
      const { exact, draws } = estimates(seed, count);
      const values = draws.map(({ estimate }) => estimate);
      expect(isUnbiased(exact, values)).toBe(true);
    }
  });

  it("would be seen to be biased were it off by one in a hundred", () => {
    const { exact, draws } = estimates(1, 64);
    const values = draws.map(({ estimate }) => 1.01 * estimate);
    expect(isUnbiased(exact, values)).toBe(false);
  });

  it.each([16, 64, 96])("keeps its bound in at least 95 %% of draws of %i numbers", (count) => {
    const { exact, draws } = estimates(4, count);
    const outside = draws.filter(({ estimate, bound }) => Math.abs(estimate - exact) > bound);
    expect(outside.length / DRAWS).toBeLessThanOrEqual(FAILURE);
  });

  it("narrows with more numbers, and is exact with all of them", () => {
    const bounds = [16, 32, 64, 127].map((count) => estimates(5, count).draws[0].bound);
    expect([...bounds].sort((left, right) => right - left)).toEqual(bounds);
    const [query, vector] = vectors(5);
    const whole = sampleVector(
      vector,
      drawPlaces(() => 0, DIMENSION, DIMENSION),
    );
    const { estimate, bound } = estimateDistance(query, whole, FAILURE);
    expect(estimate).toBe(squaredDistance(query, vector, 0, Infinity));
    expect(bound).toBe(0);
  });

  it("draws each place as likely, none twice", () => {
    const random = new SeededRandom(7);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 5_000; draw += 1) {
      const places = drawPlaces((end) => random.below(end), 10, 3);
      expect(new Set(places).size).toBe(3);
      for (const place of places) counts[place] += 1;
    }
    // 1,500 each; five standard deviations.
    for (const count of counts) expect(Math.abs(count - 1_500)).toBeLessThan(165);
  });
});
