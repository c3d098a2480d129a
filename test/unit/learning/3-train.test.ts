import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  batchDigest,
  chainNext,
  chainStart,
  foldChain,
  innerDigest,
  segmentBoundaries,
  segmentSteps,
} from "../../../src-main/learning/index.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const entry = fc.record({ stateRoot: digest, batchDigest: digest });
const bytes = (value: number) => new Uint8Array(32).fill(value);
const origin = {
  specificationHash: bytes(1),
  job: bytes(2),
  round: 0,
  shard: 0,
  startRoot: bytes(3),
};

describe("learning/3-train", () => {
  it("ends the last segment at the last step", () => {
    expect(segmentBoundaries({ steps: 7, segmentLength: 3 })).toEqual([3, 6, 7]);
    expect(segmentBoundaries({ steps: 6, segmentLength: 3 })).toEqual([3, 6]);
    expect(segmentSteps({ steps: 7, segmentLength: 3 }, 2)).toEqual({ first: 7, last: 7 });
    expect(segmentSteps({ steps: 7, segmentLength: 3 }, 1)).toEqual({ first: 4, last: 6 });
  });

  it("starts another chain for another specification, job, round, shard or start", () => {
    const starts = [
      origin,
      { ...origin, specificationHash: bytes(9) },
      { ...origin, job: bytes(9) },
      { ...origin, round: 1 },
      { ...origin, shard: 1 },
      { ...origin, startRoot: bytes(9) },
    ].map((changed) => chainStart(sha256, changed).join());
    expect(new Set(starts).size).toBe(6);
  });

  it("folds a list in any two parts to the same head", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), fc.nat(12), (list, cut) => {
        const boundaries = list.map((_, index) => 5 * (index + 1));
        const start = chainStart(sha256, origin);
        const middle = foldChain(sha256, start, boundaries.slice(0, cut), list.slice(0, cut));
        const head = foldChain(sha256, middle, boundaries.slice(cut), list.slice(cut));
        expect(head).toEqual(foldChain(sha256, start, boundaries, list));
      }),
    );
  });

  it("changes the head with any entry, any boundary and any order", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 2, maxLength: 8 }), fc.nat(), (list, pick) => {
        const at = pick % list.length;
        const boundaries = list.map((_, index) => index + 1);
        const start = chainStart(sha256, origin);
        const head = foldChain(sha256, start, boundaries, list).join();
        const flipped = list.map((item, index) => {
          if (index !== at) return item;
          const stateRoot = Uint8Array.from(item.stateRoot);
          stateRoot[31] ^= 1;
          return { ...item, stateRoot };
        });
        expect(foldChain(sha256, start, boundaries, flipped).join()).not.toBe(head);
        const later = boundaries.map((step, index) => (index === at ? step + 100 : step));
        expect(foldChain(sha256, start, later, list).join()).not.toBe(head);
      }),
    );
  });

  it("does not confuse a state root with a batch digest", () => {
    const start = bytes(4);
    const one = chainNext(sha256, start, 1, { stateRoot: bytes(5), batchDigest: bytes(6) });
    const two = chainNext(sha256, start, 1, { stateRoot: bytes(6), batchDigest: bytes(5) });
    expect(one).not.toEqual(two);
  });

  it("binds a batch digest to step, samples and their order", () => {
    const leaves = new Uint8Array(64).fill(1, 32);
    const swapped = new Uint8Array(64).fill(1, 0, 32);
    const digests = [
      batchDigest(sha256, 10, leaves),
      batchDigest(sha256, 11, leaves),
      batchDigest(sha256, 10, swapped),
      batchDigest(sha256, 10, leaves.subarray(32)),
    ];
    expect(new Set(digests.map(String)).size).toBe(4);
  });

  it("binds an inner digest to unit, segment and every loss", () => {
    const digests = [
      innerDigest(sha256, bytes(1), 0, Uint32Array.of(1, 2)),
      innerDigest(sha256, bytes(2), 0, Uint32Array.of(1, 2)),
      innerDigest(sha256, bytes(1), 1, Uint32Array.of(1, 2)),
      innerDigest(sha256, bytes(1), 0, Uint32Array.of(2, 1)),
      innerDigest(sha256, bytes(1), 0, Uint32Array.of(1)),
    ];
    expect(new Set(digests.map(String)).size).toBe(5);
  });
});
