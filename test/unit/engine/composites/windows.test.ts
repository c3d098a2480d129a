import { describe, expect, it } from "vitest";
import {
  appendWindows,
  appendZeros,
  sameEnds,
} from "../../../../src-main/engine/composites/windows.ts";
import { checkGradients } from "../../../generators/gradient-check.ts";
import { runGraph } from "../../../generators/run-graph.ts";
import { tensorOf } from "../../../generators/run-op.ts";

/** x[h][w] = 10·(h + 1) + w of one channel, so that a pixel tells where it was. */
const image = (height: number, width: number) =>
  tensorOf(
    [1, height, width, 1],
    Array.from({ length: height * width }, (_, at) => {
      return 10 * (Math.floor(at / width) + 1) + (at % width);
    }),
  );

describe("windows beside each other", () => {
  it("hold each window's pixels, row by row, whatever the stride", () => {
    for (const [size, stride] of [
      [3, 1],
      [3, 2],
      [2, 1],
      [2, 3],
      [1, 2],
      [2, 2],
    ]) {
      const [height, width] = [7, 5];
      const { values, shape } = runGraph(
        (graph, [x]) => appendWindows(graph, x, { size, stride }),
        [image(height, width)],
      );
      const [high, wide] = [height, width].map((side) => Math.floor((side - size) / stride) + 1);
      expect(shape).toEqual([1, high * size, wide * size, 1]);
      const expected: number[] = [];
      for (let row = 0; row < high * size; row += 1) {
        for (let column = 0; column < wide * size; column += 1) {
          const h = Math.floor(row / size) * stride + (row % size);
          const w = Math.floor(column / size) * stride + (column % size);
          expected.push(10 * (h + 1) + w);
        }
      }
      expect(Array.from(values)).toEqual(expected);
    }
  });

  it("are the image itself where they do not overlap and fill it", () => {
    let ops = 0;
    runGraph(
      (graph, [x]) => {
        const before = graph.ops.length;
        const y = appendWindows(graph, x, { size: 2, stride: 2 });
        ops = graph.ops.length - before;
        return graph.op("relu", [y]);
      },
      [image(4, 6)],
    );
    expect(ops).toBe(0);
  });

  it("give every pixel the gradients of all windows it lies in", () => {
    checkGradients(
      (graph, [x]) => {
        const y = appendWindows(graph, x, { size: 3, stride: 2 });
        return graph.op("mul", [y, y]);
      },
      [[2, 6, 5, 2]],
    );
  });
});

describe("zeros around an image", () => {
  it("stand before and after the rows, then the columns", () => {
    const around = [
      [1, 0],
      [0, 2],
    ] as const;
    const { values, shape } = runGraph(
      (graph, [x]) => appendZeros(graph, x, around),
      [image(1, 2)],
    );
    expect(shape).toEqual([1, 2, 4, 1]);
    expect(Array.from(values)).toEqual([0, 0, 0, 0, 10, 11, 0, 0]);
  });

  it("are as many as divide the image by the stride, the odd one after it", () => {
    expect(sameEnds(6, { size: 3, stride: 2 })).toEqual([0, 1]);
    expect(sameEnds(7, { size: 3, stride: 2 })).toEqual([1, 1]);
    expect(sameEnds(5, { size: 4, stride: 1 })).toEqual([1, 2]);
    expect(sameEnds(5, { size: 1, stride: 3 })).toEqual([0, 0]);
  });
});
