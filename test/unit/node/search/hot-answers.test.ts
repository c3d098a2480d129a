import { describe, expect, it } from "vitest";
import { HotAnswers } from "../../../../src-main/node/search/hot-answers.ts";
import { searchFor } from "../../../worlds/index-world.ts";

const ROOT = new Uint8Array(32).fill(1);
const NEXT = new Uint8Array(32).fill(2);

describe("hot answers", () => {
  it("makes an answer once over one index, and again over the next", () => {
    const hot = new HotAnswers<number>(4);
    let made = 0;
    const ask = (root: Uint8Array) => hot.answer(root, searchFor([1, 2]), () => (made += 1));
    expect([ask(ROOT), ask(ROOT), ask(NEXT), ask(NEXT), ask(ROOT)]).toEqual([1, 1, 2, 2, 3]);
    expect(hot.counts).toEqual({ asked: 5, hits: 2 });
  });

  it("tells apart whatever changes an answer, but not the order of tags", () => {
    const hot = new HotAnswers<number>(32);
    let made = 0;
    const asked = [
      searchFor([1, 2]),
      searchFor([1, 3]),
      searchFor([1, 2], { k: 9 }),
      searchFor([1, 2], { probes: 9 }),
      searchFor([1, 2], { what: "job" }),
      searchFor([1, 2], { collection: "others" }),
      searchFor([1, 2], { tags: ["a", "b"] }),
      searchFor([1, 2], { tags: ["ab"] }),
      searchFor([1, 2], { tags: ["b", "a"] }),
    ];
    expect(asked.map((one) => hot.answer(ROOT, one, () => (made += 1)))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 7,
    ]);
  });

  it("lets the answer go that was not asked for longest, and keeps no refusal", () => {
    const hot = new HotAnswers<number>(2);
    const ask = (number: number, value: number | undefined) =>
      hot.answer(ROOT, searchFor([number]), () => value);
    expect([ask(1, 1), ask(2, 2), ask(1, 9), ask(3, 3), ask(1, 9), ask(2, 8)]).toEqual([
      1, 2, 1, 3, 1, 8,
    ]);
    expect([ask(5, undefined), ask(5, 5)]).toEqual([undefined, 5]);
  });

  it("keeps nothing where it is turned off, and answers the same", () => {
    const hot = new HotAnswers<number>(0);
    let made = 0;
    const ask = () => hot.answer(ROOT, searchFor([1]), () => (made += 1));
    expect([ask(), ask()]).toEqual([1, 2]);
    expect(hot.counts.hits).toBe(0);
  });
});
