import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { LEARNING_CODES } from "../../../src-main/contract/codes/learning.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  challengeAlpha,
  detectionOdds,
  drawSegments,
  innerCommitment,
  innerListRoot,
  innerOpeningsCodec,
  isVerdict,
  openInners,
  verifyOpenings,
} from "../../../src-main/learning/index.ts";

const bytes = (value: number) => new Uint8Array(32).fill(value);
const vrfOf = (n: number) => {
  const output = new Uint8Array(64);
  new DataView(output.buffer).setUint32(0, n, true);
  return output;
};
const policy = { steps: 600, segmentLength: 10, sampledSegments: 5, fullReplayPermille: 50 };
const beacon = bytes(8);

describe("learning/5-challenge: the draw", () => {
  it("is ascending, without repeats, of the stated size and within the unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, k, n) => {
        const sampledSegments = (k % count) + 1;
        const spec = { ...policy, steps: count, segmentLength: 1, sampledSegments };
        const { full, segments } = drawSegments(sha256, beacon, vrfOf(n), spec);
        expect(segments.length).toBe(full ? count : sampledSegments);
        for (const [index, segment] of segments.entries()) {
          expect(segment).toBeGreaterThan(index === 0 ? -1 : segments[index - 1]);
          expect(segment).toBeLessThan(count);
        }
      }),
    );
  });

  it("falls on all segments and pairs about equally often, and replays all at its rate", () => {
    const draws = 12_000;
    const single = new Float64Array(10);
    const pairs = new Float64Array(100);
    let full = 0;
    const spec = { steps: 10, segmentLength: 1, sampledSegments: 3, fullReplayPermille: 50 };
    for (let n = 0; n < draws; n += 1) {
      const draw = drawSegments(sha256, beacon, vrfOf(n), spec);
      if (draw.full) full += 1;
      if (draw.full) continue;
      for (const a of draw.segments) single[a] += 1;
      for (const a of draw.segments)
        for (const b of draw.segments) if (a < b) pairs[10 * a + b] += 1;
    }
    const sampled = draws - full;
    // Six standard deviations around the means 0.05, 3/10 and 1/15.
    const near = (count: number, of: number, p: number) =>
      Math.abs(count - of * p) < 6 * Math.sqrt(of * p * (1 - p));
    expect(near(full, draws, 0.05)).toBe(true);
    for (const count of single) expect(near(count, sampled, 0.3)).toBe(true);
    for (let a = 0; a < 10; a += 1) {
      for (let b = a + 1; b < 10; b += 1)
        expect(near(pairs[10 * a + b], sampled, 1 / 15)).toBe(true);
    }
  });

  it("differs by beacon and by VRF output", () => {
    const many = { ...policy, sampledSegments: 20, fullReplayPermille: 0 };
    const one = drawSegments(sha256, beacon, vrfOf(1), many);
    expect(drawSegments(sha256, beacon, vrfOf(2), many)).not.toEqual(one);
    expect(drawSegments(sha256, bytes(9), vrfOf(1), many)).not.toEqual(one);
    expect(drawSegments(sha256, beacon, vrfOf(1), many)).toEqual(one);
  });

  it("is taken over unit and chain head", () => {
    const alphas = [
      challengeAlpha(bytes(1), bytes(2)),
      challengeAlpha(bytes(2), bytes(1)),
      challengeAlpha(bytes(1), bytes(1)),
    ];
    expect(new Set(alphas.map(String)).size).toBe(3);
  });
});

describe("learning/5-challenge: detection", () => {
  const percent = (spec: typeof policy, wrong: number) => {
    const { numerator, denominator } = detectionOdds(spec, wrong);
    return Number((numerator * 1_000_000n) / denominator) / 10_000;
  };

  it("is at least 20 % for a tenth wrong and 10 % for one wrong, with 4 or 5 of 60", () => {
    for (const sampledSegments of [4, 5]) {
      const spec = { ...policy, sampledSegments };
      expect(percent(spec, 6)).toBeGreaterThanOrEqual(20);
      expect(percent(spec, 1)).toBeGreaterThanOrEqual(10);
    }
  });

  it("would be too low with 3 of 60, so the bound above is a real one", () => {
    expect(percent({ ...policy, sampledSegments: 3 }, 1)).toBeLessThan(10);
  });

  it("is exact: 1 of 60 wrong, 5 sampled is 1 − 0.95 · 55/60", () => {
    const { numerator, denominator } = detectionOdds(policy, 1);
    expect(numerator * 60_000n).toBe(denominator * (60_000n - 950n * 55n));
  });

  it("agrees with drawing", () => {
    const wrong = new Set([3, 17, 18, 40, 41, 59]);
    const draws = 6000;
    let caught = 0;
    for (let n = 0; n < draws; n += 1) {
      const { segments } = drawSegments(sha256, beacon, vrfOf(n), policy);
      if (segments.some((segment) => wrong.has(segment))) caught += 1;
    }
    const p = percent(policy, wrong.size) / 100;
    expect(Math.abs(caught - draws * p)).toBeLessThan(6 * Math.sqrt(draws * p * (1 - p)));
  });

  it("is nothing when nothing is wrong and certain when more is wrong than is left out", () => {
    expect(percent(policy, 0)).toBe(0);
    expect(percent(policy, 56)).toBe(100);
  });
});

describe("learning/5-challenge: openings", () => {
  const inners = Array.from({ length: 13 }, (_, n) => bytes(n + 1));
  const root = innerListRoot(sha256, inners);

  it("open exactly what was drawn", () => {
    fc.assert(
      fc.property(fc.subarray([...inners.keys()], { minLength: 1 }), (drawn) => {
        const openings = openInners(sha256, inners, drawn);
        const again = decode(innerOpeningsCodec, encode(innerOpeningsCodec, openings));
        expect(again).toEqual({ ok: true, value: openings });
        expect(verifyOpenings(sha256, root, 13, drawn, openings)).toEqual({
          ok: true,
          value: drawn.map((segment) => inners[segment]),
        });
      }),
    );
  });

  it("are refused when one is missing, moved or of another segment", () => {
    const openings = openInners(sha256, inners, [2, 5]);
    const code = { ok: false, rejection: { code: "LEARNING_OPENING_SEGMENTS" } };
    for (const wrong of [openings.slice(1), [...openings].reverse(), []]) {
      expect(verifyOpenings(sha256, root, 13, [2, 5], wrong)).toMatchObject(code);
    }
    expect(verifyOpenings(sha256, root, 13, [2, 6], openings)).toMatchObject(code);
  });

  it("are refused when an inner digest or a proof is another", () => {
    const code = { ok: false, rejection: { code: "LEARNING_OPENING_PROOF" } };
    const openings = openInners(sha256, inners, [2, 5]);
    const swapped = openings.map((opening) => ({ ...opening, inner: inners[0] }));
    expect(verifyOpenings(sha256, root, 13, [2, 5], swapped)).toMatchObject(code);
    const bare = openings.map((opening) => ({ ...opening, proof: [] }));
    expect(verifyOpenings(sha256, root, 13, [2, 5], bare)).toMatchObject(code);
    const all = [...inners.keys()];
    const whole = openInners(sha256, inners, all);
    whole[3] = { ...whole[3], inner: bytes(99) };
    expect(verifyOpenings(sha256, root, 13, all, whole)).toMatchObject(code);
  });

  it("bind a commitment to digests, verifier and salt", () => {
    const verifier = new Uint8Array(20).fill(1);
    const commitments = [
      innerCommitment(sha256, inners, verifier, bytes(1)),
      innerCommitment(sha256, inners.slice(1), verifier, bytes(1)),
      innerCommitment(sha256, [...inners].reverse(), verifier, bytes(1)),
      innerCommitment(sha256, inners, new Uint8Array(20), bytes(1)),
      innerCommitment(sha256, inners, verifier, bytes(2)),
    ];
    expect(new Set(commitments.map(String)).size).toBe(5);
  });
});

describe("learning/5-challenge: a verdict", () => {
  it("is empty or what a replay can find, and each such code is explained", () => {
    const verdicts = Object.keys(LEARNING_CODES).filter(isVerdict);
    expect(isVerdict("")).toBe(true);
    expect(verdicts.length).toBe(10);
    for (const other of ["LEARNING_OPENING_PROOF", "LEDGER_VRF", "learning_chain", " "]) {
      expect(isVerdict(other)).toBe(false);
    }
  });
});
