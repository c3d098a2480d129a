import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  buildCentroids,
  BuildMemo,
  waitingInputs,
} from "../../../../src-main/ledger/index/index.ts";
import { IndexWorld, scattered } from "../../../worlds/index-world.ts";

const inputOf = (seed: number) => {
  const numbers = scattered(seed);
  return {
    dimension: 2,
    embeddings: Int8Array.from({ length: 512 }, () => numbers.next().value),
  };
};

describe("ledger/index/build-memo", () => {
  it("answers what would be computed, before and after it was computed ahead", () => {
    const memo = new BuildMemo(sha256);
    const input = inputOf(1);
    expect(memo.knows(input)).toBe(false);
    const steps = memo.ahead(input);
    steps.next();
    expect(memo.knows(input)).toBe(false);
    // What the caller does with its memory meanwhile changes nothing.
    const kept = { ...input, embeddings: input.embeddings.slice() };
    input.embeddings.fill(9);
    while (steps.next().done !== true);
    expect(memo.knows(input)).toBe(false);
    expect(memo.knows(kept)).toBe(true);
    expect(memo.build(kept)).toEqual(buildCentroids(kept));
    expect(memo.build(input)).toEqual(buildCentroids(input));
  });

  it("tells inputs apart that differ in their dimension alone", () => {
    const memo = new BuildMemo(sha256);
    const { embeddings } = inputOf(2);
    expect(memo.build({ dimension: 1, embeddings }).lists).toHaveLength(512);
    expect(memo.build({ dimension: 2, embeddings }).lists).toHaveLength(256);
  });

  it("keeps the newest eight", () => {
    const memo = new BuildMemo(sha256);
    for (let seed = 1; seed <= 9; seed += 1) memo.build(inputOf(seed));
    expect(memo.knows(inputOf(1))).toBe(false);
    expect([2, 9].map((seed) => memo.knows(inputOf(seed)))).toEqual([true, true]);
  });

  it("is asked for exactly what waits, and gives the root that no memo gives", () => {
    const memo = new BuildMemo(sha256);
    const ahead = new IndexWorld({ memo });
    const plain = new IndexWorld();
    for (const world of [ahead, plain]) {
      world.scatter(0, 4_100, 1, 5);
      world.commit([{ kind: "retract", slot: 4_100n, target: 17n }], 6);
    }
    const [input, ...others] = waitingInputs({ hasher: sha256, readPage: ahead.readPage });
    expect(others).toEqual([]);
    expect(input.embeddings).toHaveLength(4_100);
    for (const step of memo.ahead(input)) void step;
    expect(memo.knows(input)).toBe(true);
    expect(ahead.commit([], 7)).toEqual(plain.commit([], 7));
    expect(waitingInputs({ hasher: sha256, readPage: ahead.readPage })).toEqual([]);
    expect(ahead.pages).toEqual(plain.pages);
  });
});
