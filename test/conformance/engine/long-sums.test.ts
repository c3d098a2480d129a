import { describe, expect, it } from "vitest";
import { valueOf } from "../../../src-main/adapters/native-engine/index.ts";
import type { CheckCase } from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend, elementCount, encodeProgram } from "../../../src-main/engine/index.ts";
import type { Program, Shape } from "../../../src-main/engine/index.ts";
import { differenceOf, variants } from "./cases.ts";

/** One op on operands that are full of one value each: the largest sums there are. */
function filled(
  op: string,
  inputs: readonly { readonly shape: Shape; readonly value: number }[],
  attributes: readonly number[],
  shape: Shape,
): CheckCase {
  const program: Program = {
    states: inputs.map((input, index) => {
      return { name: `operand ${index}`, shape: input.shape, initialiser: { kind: "zeros" } };
    }),
    ops: [
      { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
      {
        op,
        inputs: inputs.map((_, index) => ({ from: "state", index }) as const),
        attributes,
        shape,
      },
    ],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: 1 } }],
  };
  return {
    op,
    seed: 0,
    program,
    programBytes: encodeProgram(program),
    states: inputs.map((input) => new Float32Array(elementCount(input.shape)).fill(input.value)),
    step: 1,
    batch: new Uint8Array(2),
  };
}

const LONG = 1_048_576 + 2_053;
const SIDE = 1_027;

const cases: readonly (readonly [string, CheckCase])[] = [
  [
    "a contraction longer than one chunk of 32-bit high parts",
    filled(
      "matmul",
      [
        { shape: [3, LONG], value: 8127 },
        { shape: [LONG, 2], value: -8127 },
      ],
      [0],
      [3, 2],
    ),
  ],
  [
    "a filter gradient over an image of a million pixels",
    filled(
      "conv2d-gradient-filter",
      [
        { shape: [1, SIDE, SIDE, 1], value: 8127 },
        { shape: [1, SIDE, SIDE, 2], value: 8127 },
      ],
      [0, 1, 0],
      [1, 1, 1, 2],
    ),
  ],
  ["a sum of four million", filled("sum", [{ shape: [4_194_301], value: 1.9 }], [0], [1])],
];

describe("long sums on every backend", () => {
  it.each(cases)("gives the reference's bytes for %s", async (_what, check) => {
    const expected = await valueOf(new ReferenceBackend(), check);
    for (const backend of variants) {
      const given = await valueOf(backend, check);
      expect(differenceOf(given, expected, backend.variant)).toBeUndefined();
    }
  });
});
