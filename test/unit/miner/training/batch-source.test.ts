import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { countCorrect, sumOfLosses } from "../../../../src-main/miner/training/batch-source.ts";

describe("sumOfLosses", () => {
  it("is the log of the classes where nothing is known", () => {
    const loss = sumOfLosses(new Float32Array(8), Uint16Array.of(1, 3), 2);
    expect(loss).toBeCloseTo(2 * Math.log(4), 12);
  });

  it("is that of each row's softmax, however large the scores are", () => {
    const score = fc.integer({ min: -200, max: 200 });
    const rows = fc.array(fc.tuple(score, score, score, fc.nat({ max: 2 })), { minLength: 1 });
    fc.assert(
      fc.property(rows, (given) => {
        const logits = Float32Array.from(given.flatMap(([a, b, c]) => [a, b, c]));
        const labels = Uint16Array.from(given, ([, , , label]) => label);
        let expected = 0;
        for (const [one, two, three, label] of given) {
          const scores = [one, two, three];
          const apart = scores.map((value) => value - scores[label]);
          const most = Math.max(...apart);
          const spread = apart.reduce((sum, value) => sum + Math.exp(value - most), 0);
          expected += most + Math.log(spread);
        }
        const found = sumOfLosses(logits, labels, labels.length);
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
        expect(found).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("looks at no row beyond those that count", () => {
    const logits = Float32Array.of(0, 0, 1e9, 0);
    const labels = Uint16Array.of(0, 1);
    expect(sumOfLosses(logits, labels, 1)).toBeCloseTo(Math.LN2, 12);
    expect(countCorrect(logits, labels, 1)).toBe(1);
  });
});
