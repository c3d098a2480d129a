import { describe, expect, it } from "vitest";
import { readWeights } from "../../../../src-main/engine/keras/read-document.ts";
import type { StoredType, WeightGroup } from "../../../../src-main/engine/keras/read-manifest.ts";
import { refusalOf } from "../../../generators/keras-document.ts";

const WIDTHS = { float32: 4, float16: 2, uint16: 2, uint8: 1 } as const;

function group(type: StoredType, count: number): WeightGroup {
  const bytes = count * WIDTHS[type.stored];
  const weights = [{ name: "w", shape: [count], type, bytes }];
  return { paths: ["a.bin", "b.bin"], weights, bytes };
}

function decoded(type: StoredType, bytes: Uint8Array, count: number): number[] {
  const read = readWeights(group(type, count), bytes);
  if (!read.ok) throw new Error(read.rejection.code);
  return Array.from(read.value.get("w")?.values ?? []);
}

const floats = (...values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
const words = (...values: readonly number[]) => new Uint8Array(Uint16Array.from(values).buffer);

describe("stored weights", () => {
  it("are canonical numbers, wherever they lie in memory", () => {
    const bytes = floats(1.5, -(2 ** 100), 1e-40, -0);
    expect(decoded({ stored: "float32" }, bytes, 4)).toEqual([1.5, -(2 ** 60), 0, 0]);
    const shifted = Uint8Array.of(9, ...bytes).subarray(1);
    expect(decoded({ stored: "float32" }, shifted, 4)).toEqual([1.5, -(2 ** 60), 0, 0]);
  });

  it("are min + scale · q in doubles, rounded once, where they are quantised", () => {
    const type = { scale: 0.1, min: -3.3 };
    const expected = [0, 1, 255].map((q) => Math.fround(q * 0.1 - 3.3));
    const small = decoded({ stored: "uint8", ...type }, Uint8Array.of(0, 1, 255), 3);
    expect(small).toEqual(expected);
    expect(decoded({ stored: "uint16", ...type }, words(0, 1, 65_535), 3)).toEqual([
      expected[0],
      expected[1],
      Math.fround(65_535 * 0.1 - 3.3),
    ]);
  });

  it("are exact where they are halves", () => {
    const halves = words(0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x8000, 0x3555);
    expect(decoded({ stored: "float16" }, halves, 8)).toEqual([
      1,
      -2,
      65_504,
      2 ** -24,
      1_023 * 2 ** -24,
      2 ** -14,
      0,
      0.333251953125,
    ]);
  });

  it("are refused where files are cut or too long", () => {
    const type = { stored: "float32" } as const;
    expect(refusalOf(readWeights(group(type, 2), floats(1)))).toBe(
      "ENGINE_KERAS_WEIGHT_BYTES file=a.bin, b.bin bytes=4 expected=8",
    );
    expect(refusalOf(readWeights(group(type, 2), floats(1, 2, 3)))).toContain(
      "ENGINE_KERAS_WEIGHT_BYTES",
    );
  });

  it("are refused where one is no number, with its place", () => {
    const type = { stored: "float32" } as const;
    expect(refusalOf(readWeights(group(type, 3), floats(0, 1, Number.NaN)))).toBe(
      "ENGINE_KERAS_NUMBER weight=w index=2 value=NaN",
    );
    expect(refusalOf(readWeights(group(type, 1), floats(-Infinity)))).toContain("value=-Infinity");
    expect(refusalOf(readWeights(group({ stored: "float16" }, 1), words(0x7c00)))).toContain(
      "ENGINE_KERAS_NUMBER",
    );
    const huge = { stored: "uint8", scale: 1e300, min: 0 } as const;
    expect(refusalOf(readWeights(group(huge, 1), Uint8Array.of(1)))).toContain(
      "ENGINE_KERAS_NUMBER",
    );
  });
});
