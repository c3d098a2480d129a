import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildCentroids, buildSteps } from "../../../../src-main/ledger/index/index.ts";
import { scattered } from "../../../worlds/index-world.ts";

const embeddingsOf = (count: number, dimension: number, seed = 3) => {
  const numbers = scattered(seed);
  return Int8Array.from({ length: count * dimension }, () => numbers.next().value);
};

describe("ledger/index/build-centroids", () => {
  it("finds two heaps that lie apart, though all seeds fall into one", () => {
    // Seeds are entries 0, 16, 32 …: all −101. Centroid 0 gets everything and moves to the mean,
    // −25.5 rounded down; from then on it is nearer to 50, and centroid 1 to −101.
    const embeddings = Int8Array.from({ length: 256 }, (_, at) => (at % 2 === 0 ? -101 : 50));
    const { centroids, lists } = buildCentroids({ dimension: 1, embeddings });
    expect([...centroids]).toEqual([50, ...Array.from({ length: 15 }, () => -101)]);
    expect([...lists]).toEqual(Array.from({ length: 256 }, (_, at) => 1 - (at % 2)));
  });

  it("rounds means towards minus infinity", () => {
    // All seeds are equal, so centroid 0 gets everything: the mean of −1 and −2 is −1.5.
    const embeddings = Int8Array.from({ length: 256 }, (_, at) => (at % 16 === 0 ? -1 : -2));
    const { centroids } = buildCentroids({ dimension: 1, embeddings });
    expect([...centroids.slice(0, 2)]).toEqual([-2, -1]);
  });

  it("leaves a centroid where it is when nothing comes to it, and ties go to the lower id", () => {
    const embeddings = new Int8Array(256).fill(7);
    const { centroids, lists } = buildCentroids({ dimension: 1, embeddings });
    expect([...centroids]).toEqual(Array.from({ length: 16 }, () => 7));
    expect(lists.every((list) => list === 0)).toBe(true);
  });

  it("assigns each embedding to the nearest of the centroids that come out", () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 400 }), fc.nat(), (count, seed) => {
        const embeddings = embeddingsOf(count, 2, seed);
        const { centroids, lists } = buildCentroids({ dimension: 2, embeddings });
        for (const [entry, list] of lists.entries()) {
          const distance = (id: number) =>
            (embeddings[2 * entry] - centroids[2 * id]) ** 2 +
            (embeddings[2 * entry + 1] - centroids[2 * id + 1]) ** 2;
          for (let id = 0; id < 16; id += 1) {
            const further = distance(id) > distance(list);
            expect(further || (distance(id) === distance(list) && id >= list)).toBe(true);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it("comes to the same in steps", () => {
    const input = { dimension: 5, embeddings: embeddingsOf(500, 5) };
    let count = 0;
    const steps = buildSteps(input);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(step.value).toEqual(buildCentroids(input));
    expect(count).toBe(7 * Math.floor(500 / 64));
  });
});
