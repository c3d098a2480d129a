import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { encodeProgram, floatOfBits } from "../../../src-main/engine/index.ts";
import type { Program, Shape } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { differenceOf, variants } from "./cases.ts";

type Nested = string | readonly Nested[];

interface Tensor {
  readonly values: Float32Array;
  readonly shape: Shape;
}

const read = <T>(name: string): readonly T[] => {
  const url = new URL(`../../vectors/engine/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T[];
};

const flat = (nested: Nested): readonly string[] =>
  typeof nested === "string" ? [nested] : nested.flatMap(flat);

const shapeOf = (nested: Nested): number[] =>
  typeof nested === "string" ? [] : [nested.length, ...shapeOf(nested[0] ?? "")];

function tensor(nested: Nested): Tensor {
  const floats = flat(nested).map((hex) => floatOfBits(Number.parseInt(hex, 16)));
  return { values: Float32Array.from(floats), shape: shapeOf(nested) };
}

/** What `op` gives on `backend`, against `expected`; undefined when all bits agree. */
async function compare(
  backend: EngineBackend,
  op: string,
  inputs: readonly Tensor[],
  attributes: readonly number[],
  expected: Tensor,
): Promise<string | undefined> {
  const program: Program = {
    states: inputs.map(({ shape }, index) => {
      return { name: `operand ${index}`, shape, initialiser: { kind: "zeros" } };
    }),
    ops: [
      { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
      {
        op,
        inputs: inputs.map((_, index) => ({ from: "state", index }) as const),
        attributes,
        shape: expected.shape,
      },
    ],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: 1 } }],
  };
  const session = await backend.open(encodeProgram(program));
  for (const [index, { values }] of inputs.entries()) await session.upload(index, values);
  await session.run(1, new Uint8Array(2));
  const given = await session.value(1);
  session.close();
  return differenceOf(given, expected.values, `${op} ${attributes.join(",")}`);
}

type Row = Readonly<Record<string, string>>;
interface Product {
  readonly profile: "I14" | "I14K" | "I8";
  readonly a: Nested;
  readonly b: Nested;
  readonly c: Nested;
}
interface Convolution extends Readonly<Record<"x" | "w" | "dy" | "y" | "dx" | "dw", Nested>> {
  readonly profile: "I14" | "I8";
  readonly stride: number;
  readonly pad: number;
}

const PROFILES = { I14: 0, I14K: 1, I8: 2 } as const;

const onEach = it.each(variants.map((backend) => [backend.variant, backend] as const));

describe("the engine's vectors on every backend", () => {
  onEach("hold for elementwise ops at %s", async (_variant, backend) => {
    const rows = read<Row>("elementwise");
    const column = (key: string): Tensor => tensor(rows.map((row) => row[key]));
    for (const op of ["add", "sub", "mul", "div"]) {
      const inputs = [column("a"), column("b")];
      expect(await compare(backend, op, inputs, [], column(op))).toBeUndefined();
    }
    const { values, shape } = column("a");
    const magnitudes = { values: values.map(Math.abs), shape };
    const roots = column("sqrtAbsA");
    expect(await compare(backend, "sqrt", [magnitudes], [], roots)).toBeUndefined();
  });

  onEach("hold for sums at %s", async (_variant, backend) => {
    for (const { x, sum } of read<{ x: Nested; sum: string }>("sum")) {
      expect(await compare(backend, "sum", [tensor(x)], [0], tensor([sum]))).toBeUndefined();
    }
  });

  onEach("hold for products at %s", async (_variant, backend) => {
    for (const { profile, a, b, c } of read<Product>("matmul")) {
      const inputs = [tensor(a), tensor(b)];
      const attributes = [PROFILES[profile]];
      expect(await compare(backend, "matmul", inputs, attributes, tensor(c))).toBeUndefined();
    }
  });

  onEach("hold for convolutions and both gradients at %s", async (_variant, backend) => {
    for (const { profile, stride, pad, ...nested } of read<Convolution>("conv2d")) {
      const attributes = [PROFILES[profile], stride, pad];
      const { x, w, dy, y, dx, dw } = nested;
      const runs = [
        ["conv2d", x, w, y],
        ["conv2d-gradient-input", dy, w, dx],
        ["conv2d-gradient-filter", x, dy, dw],
      ] as const;
      for (const [op, first, second, expected] of runs) {
        const inputs = [tensor(first), tensor(second)];
        expect(await compare(backend, op, inputs, attributes, tensor(expected))).toBeUndefined();
      }
    }
  });
});
