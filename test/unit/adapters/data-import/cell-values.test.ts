import { describe, expect, it } from "vitest";
import {
  areColumnNames,
  cellNumber,
  isNotFinite,
  labelNumber,
} from "../../../../src-main/adapters/data-import/cell-values.ts";

describe("adapters/data-import/cell-values", () => {
  it("reads decimal numbers and nothing else", () => {
    const numbers: [string, number][] = [
      ["0", 0],
      ["-1.5", -1.5],
      ["+2.", 2],
      [".5", 0.5],
      ["1e3", 1000],
      ["-1E-3", -0.001],
      ["007", 7],
      ["1e100", 1e100],
    ];
    for (const [cell, value] of numbers) expect(cellNumber(cell)).toBe(value);
    const words = [
      "",
      ".",
      "1,5",
      "0x10",
      "1_000",
      "1 000",
      "e5",
      "--1",
      "1e",
      "1.1e100",
      "١",
      "∞",
    ];
    for (const cell of [...words, "nan", "Infinity", "1e999"]) {
      expect(cellNumber(cell)).toBeNaN();
    }
  });

  it("knows spellings of what is not finite", () => {
    for (const cell of ["nan", "NaN", "-inf", "+Infinity"]) expect(isNotFinite(cell)).toBe(true);
    for (const cell of ["nano", "info", "1", ""]) expect(isNotFinite(cell)).toBe(false);
  });

  it("takes a row of words for column names, none with a gap or an attempt at a number", () => {
    expect(areColumnNames(["x", "1x1", "sepal length"])).toBe(true);
    for (const cell of ["", "1", "nan", "-inf"]) expect(areColumnNames(["x", cell])).toBe(false);
  });

  it("reads integers as class numbers, other labels as words", () => {
    expect(["3", "-1", "3.0", "3.", "007"].map(labelNumber)).toEqual([3, -1, 3, 3, 7]);
    for (const label of ["3.5", "three", "1e2", "", "1234567890"]) {
      expect(labelNumber(label)).toBeUndefined();
    }
  });
});
