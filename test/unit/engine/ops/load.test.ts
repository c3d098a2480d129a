import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canon } from "../../../../src-main/engine/canon.ts";
import {
  ENCODING,
  batchBytes,
  encodedSampleBytes,
  firstNonFinite,
} from "../../../../src-main/engine/ops/load.ts";
import { runOp, shapeOf, verdictOf } from "../../../generators/run-op.ts";

/** Samples of encoding 1 whose features have the given bits; labels count up from 0. */
function samplesOf(rows: readonly (readonly number[])[]): Uint8Array {
  const bytes = rows.flatMap((row, label) => [
    ...row.flatMap((bits) => [bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24]),
    label,
  ]);
  return Uint8Array.from(bytes);
}

const load = (batch: Uint8Array, declared: readonly number[]) =>
  runOp("load", [], { attributes: [ENCODING.floats], declared, batch }).values;

describe("load", () => {
  it("knows four encodings and how long their samples are", () => {
    expect(verdictOf(shapeOf("load", [], [0], [2, 3]))).toBe("2×3");
    expect(verdictOf(shapeOf("load", [], [1], [2, 3]))).toBe("2×3");
    expect(verdictOf(shapeOf("load", [], [3], [2, 3]))).toBe("2×3");
    expect(verdictOf(shapeOf("load", [], [4], [2, 3]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("load", [], [-1], [2, 3]))).toBe("ENGINE_ATTRIBUTE");
    expect(verdictOf(shapeOf("load", [], [1], [2, 1]))).toBe("ENGINE_SHAPE");
    expect([0, 1].map((encoding) => encodedSampleBytes(encoding, 4))).toEqual([5, 17]);
    expect([0, 1].map((encoding) => batchBytes(encoding, [3, 5]))).toEqual([15, 51]);
  });

  it("makes every f32 feature canonical and leaves the label a number", () => {
    const rows = [
      [0x3f800000, 0x80000000, 0x00000001, 0x0f7fffff],
      [0x7f7fffff, 0xff7fffff, 0xdd800000, 0x8f800000],
    ];
    const values = load(samplesOf(rows), [2, 5]);
    const [first, second] = [values.slice(0, 5), values.slice(5)];
    expect([...first]).toEqual([1, 0, 0, 0, 0]);
    expect([...second]).toEqual([2 ** 60, -(2 ** 60), -(2 ** 60), -(2 ** -96), 1]);
  });

  it("reads any finite f32 as canon of it, wherever the batch lies in memory", () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 9 }), fc.nat(3), (row, offset) => {
        const sample = new Uint8Array(new ArrayBuffer(64), offset, 4 * row.length + 1);
        const view = new DataView(sample.buffer, offset, sample.length);
        for (const [at, value] of row.entries()) view.setFloat32(4 * at, value, true);
        sample[4 * row.length] = 200;
        expect([...load(sample, [1, row.length + 1])]).toEqual([...row.map(canon), 200]);
      }),
    );
  });

  it("refuses NaN and both infinities with a code, and says where", () => {
    for (const bits of [0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffffffff]) {
      const batch = samplesOf([
        [1, 2, 3],
        [4, bits, 6],
      ]);
      expect(firstNonFinite(batch, 3)).toBe(4);
      expect(() => load(batch, [2, 4])).toThrow(
        expect.objectContaining({ code: "ENGINE_NUMBER", facts: { sample: 1, feature: 1 } }),
      );
    }
    expect(firstNonFinite(samplesOf([[0x7f7fffff, 0x3f80ffff, 0xff7f7f7f]]), 3)).toBe(-1);
  });

  it("reads tokens of one byte, or of two with the lower one first, as numbers", () => {
    const declared = [2, 2];
    const bytes = Uint8Array.of(7, 255, 0, 1);
    const read = (encoding: number, batch: Uint8Array) =>
      Array.from(runOp("load", [], { attributes: [encoding], declared, batch }).values);
    expect(read(ENCODING.byteTokens, bytes)).toEqual([7, 255, 0, 1]);
    expect(read(ENCODING.wordTokens, Uint8Array.of(7, 0, 0, 1, 255, 255, 0, 0))).toEqual([
      7, 256, 65_535, 0,
    ]);
    expect([2, 3].map((encoding) => encodedSampleBytes(encoding, 8))).toEqual([9, 18]);
    expect(() => read(ENCODING.wordTokens, bytes)).toThrow();
  });
});
