import { describe, expect, it } from "vitest";
import {
  columnScales,
  standardised,
  TableCells,
} from "../../../../src-main/adapters/data-import/table-cells.ts";

function cellsOf(values: readonly number[]): TableCells {
  const cells = new TableCells();
  for (const value of values) cells.push(value);
  return cells;
}

describe("adapters/data-import/table-cells", () => {
  it("keeps values over many chunks", () => {
    const cells = new TableCells();
    for (let index = 0; index < 400_000; index += 1) cells.push(index / 3);
    expect(cells.count).toBe(400_000);
    for (const index of [0, 131_071, 131_072, 399_999]) expect(cells.at(index)).toBe(index / 3);
  });

  it("takes mean and deviation of the training rows only", () => {
    const cells = cellsOf([1, 10, 3, 10, 1_000, 99]);
    expect(columnScales(cells, 2, (row) => row < 2)).toEqual([
      { mean: 2, deviation: 1 },
      { mean: 10, deviation: 0 },
    ]);
  });

  it("knows equal values for constant where their rounded mean is another number", () => {
    const values = Array.from({ length: 10 }, () => 0.1);
    let sum = 0;
    for (const value of values) sum += value;
    expect(sum / 10).not.toBe(0.1);
    expect(columnScales(cellsOf(values), 1, () => true)).toEqual([{ mean: 0.1, deviation: 0 }]);
  });

  it("gives canonical numbers, also where the double overflows or vanishes", () => {
    expect(standardised(5, { mean: 1, deviation: 0 })).toBe(0);
    expect(standardised(1e100, { mean: -1e100, deviation: 1e-300 })).toBe(2 ** 60);
    expect(standardised(-1e100, { mean: 0, deviation: 1 })).toBe(-(2 ** 60));
    expect(Object.is(standardised(-1e-90, { mean: 0, deviation: 1 }), 0)).toBe(true);
    expect(standardised(0.1, { mean: 0, deviation: 1 })).toBe(Math.fround(0.1));
  });
});
