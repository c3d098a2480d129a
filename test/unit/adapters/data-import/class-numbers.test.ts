import { describe, expect, it } from "vitest";
import {
  checkNumbered,
  numberedClasses,
} from "../../../../src-main/adapters/data-import/class-numbers.ts";
import { stopped } from "./stopped.ts";

const at = (sample: number) => ({ sample });
const refusal = (labels: readonly number[]) => stopped(() => numberedClasses(labels, at));

describe("adapters/data-import/class-numbers", () => {
  it("takes every run of numbers within 0 to 255, in number order", () => {
    expect(numberedClasses([10, 9, 11, 9], at)).toEqual({
      lowest: 9,
      classNames: ["9", "10", "11"],
    });
    const all = Array.from({ length: 256 }, (_, label) => label);
    expect(numberedClasses(all, at).classNames.length).toBe(256);
  });

  it("tells a class left out from a label that is none", () => {
    expect(refusal([0, 1, 3])).toEqual({
      code: "DATA_IMPORT_EMPTY_CLASS",
      facts: { class: 2, nextLabel: 3, sample: 2 },
    });
    const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(refusal([...ten, 200])).toEqual({
      code: "DATA_IMPORT_LABEL_RANGE",
      facts: { label: 200, expected: "0 to 9", sample: 10 },
    });
    for (const missing of [1, 5, 8]) {
      const labels = ten.filter((label) => label !== missing);
      expect(refusal(labels)).toMatchObject({
        code: "DATA_IMPORT_EMPTY_CLASS",
        facts: { class: missing },
      });
    }
  });

  it("refuses numbers that a byte cannot hold, and a single class", () => {
    for (const label of [-1, 256]) {
      expect(refusal([0, label])).toMatchObject({
        code: "DATA_IMPORT_LABEL_RANGE",
        facts: { label, expected: "0 to 255", sample: 1 },
      });
    }
    expect(refusal([4, 4])).toMatchObject({ code: "DATA_IMPORT_ONE_CLASS", facts: { class: 4 } });
  });

  it("holds a given hold-out to the training part's classes", () => {
    const classes = numberedClasses([1, 2, 3], at);
    checkNumbered([3, 1], classes, at);
    for (const label of [0, 4]) {
      expect(stopped(() => checkNumbered([1, label], classes, at))).toEqual({
        code: "DATA_IMPORT_LABEL_RANGE",
        facts: { label, expected: "1 to 3", sample: 1 },
      });
    }
  });
});
