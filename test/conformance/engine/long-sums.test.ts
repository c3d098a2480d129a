import { describe, expect, it } from "vitest";
import { valueOf } from "../../../src-main/adapters/native-engine/index.ts";
import type { CheckCase } from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend, elementCount, encodeProgram } from "../../../src-main/engine/index.ts";
import type { Program, Shape } from "../../../src-main/engine/index.ts";
import { differenceOf, variants } from "./cases.ts";

/** An operand that is full of one value, but for what `other` says of an element. */
interface Filling {
  readonly shape: Shape;
  readonly value: number;
  readonly other?: (at: number) => number | undefined;
}

/** One op on operands that are full of one value each: the largest sums there are. */
function filled(
  op: string,
  inputs: readonly Filling[],
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
    states: inputs.map(({ shape: own, value, other }) => {
      const values = new Float32Array(elementCount(own)).fill(value);
      return other === undefined ? values : values.map((plain, at) => other(at) ?? plain);
    }),
    step: 1,
    batch: new Uint8Array(2),
  };
}

const LONG = 1_048_576 + 2_053;
const SIDE = 1_027;

/** Beyond what int32 sums of bytes hold: 127² · 135,001 > 2^31. */
const LONG_BYTES = 135_001;

/** Beyond what int32 sums of crossed digits hold: 2 · 63² · 300,003 > 2^31. */
const LONG_DIGITS = 300_003;

const EDGE = 9;
const CROSSED = 8_200;

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
    "a contraction of 8 bits longer than an int32 holds",
    filled(
      "matmul",
      [
        { shape: [EDGE, LONG_BYTES], value: 127 },
        { shape: [LONG_BYTES, EDGE], value: 127 },
      ],
      [2],
      [EDGE, EDGE],
    ),
  ],
  [
    "a contraction whose crossed digits are more than an int32 holds",
    filled(
      "matmul",
      [
        { shape: [EDGE, LONG_DIGITS], value: 8127 },
        { shape: [LONG_DIGITS, EDGE], value: 8127 },
      ],
      [0],
      [EDGE, EDGE],
    ),
  ],
  [
    // Rows of 63·128 and columns of 63: the high digits' products add to nothing.
    "a contraction that is large in its crossed digits alone",
    filled(
      "matmul",
      [
        {
          shape: [EDGE, CROSSED],
          value: 8064,
          other: (at) => (at % CROSSED === 0 ? 0 : undefined),
        },
        { shape: [CROSSED, EDGE], value: 63, other: (at) => (at < EDGE ? 8127 : undefined) },
      ],
      [0],
      [EDGE, EDGE],
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
  [
    // A pixel of each image, beside which a long stride leaves much room.
    "a filter gradient over many images that are wide in memory",
    filled(
      "conv2d-gradient-filter",
      [
        { shape: [512, 1, 1, 65], value: 8127, other: (at) => (at % 977) - 488 },
        { shape: [512, 1, 1, 2], value: 8127, other: (at) => (at % 61) - 30 },
      ],
      [0, 8_192, 0],
      [1, 1, 65, 2],
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
