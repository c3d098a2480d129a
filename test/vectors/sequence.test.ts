import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluateElement, opNamed } from "../../src-main/engine/ops/registry.ts";
import type { Shape } from "../../src-main/engine/program/program.ts";
import { bitsOf } from "../generators/canonical-numbers.ts";
import { callOf, tensorOf } from "../generators/run-op.ts";
import type { Surroundings, Tensor } from "../generators/run-op.ts";
import { floatOfBits } from "../../src-main/engine/index.ts";

const read = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(`sequence/${name}.json`, import.meta.url), "utf8")) as T[];

const tensor = (hex: readonly string[], shape: Shape = [hex.length]): Tensor =>
  tensorOf(
    shape,
    hex.map((bits) => floatOfBits(Number.parseInt(bits, 16))),
  );

/** The bits of an op's value; some of its elements alone must agree. */
function bitsFrom(name: string, inputs: readonly Tensor[], around?: Surroundings) {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`no op ${name}`);
  const call = callOf(name, inputs, around);
  const values = op.evaluate(call);
  const stride = Math.max(1, Math.floor(values.length / 5));
  for (let at = 0; at < values.length; at += stride) {
    expect(bitsOf(Float32Array.of(evaluateElement(op, call, at)))).toEqual(
      bitsOf(values.subarray(at, at + 1)),
    );
  }
  return bitsOf(values);
}

interface Product {
  readonly attributes: readonly number[];
  readonly aShape: Shape;
  readonly bShape: Shape;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly c: readonly string[];
}

interface Table {
  readonly rows: number;
  readonly width: number;
  readonly tokens: readonly string[];
  readonly table: readonly string[];
  readonly y: readonly string[];
  readonly dy: readonly string[];
  readonly gradient: readonly string[];
}

interface Mask {
  readonly key: readonly string[];
  readonly step: number;
  readonly attributes: readonly number[];
  readonly mask: readonly string[];
}

describe("the vectors of ops for sequences", () => {
  it("hold for every curve", () => {
    type Row = Record<"x" | "dy" | "geluGradient" | (typeof curves)[number], string>;
    const curves = ["sigmoid", "tanh", "erf", "gelu", "sin", "cos"] as const;
    const rows = read<Row>("curves");
    expect(rows.length).toBeGreaterThan(1_000);
    const x = tensor(rows.map((row) => row.x));
    for (const name of curves) expect(bitsFrom(name, [x])).toEqual(rows.map((row) => row[name]));
    const dy = tensor(rows.map((row) => row.dy));
    expect(bitsFrom("gelu-gradient", [x, dy])).toEqual(rows.map((row) => row.geluGradient));
  });

  it("hold for batched products in every profile and each transposition", () => {
    const cases = read<Product>("batch-matmul");
    expect(new Set(cases.map(({ attributes }) => attributes.join())).size).toBe(12);
    for (const { attributes, aShape, bShape, a, b, c } of cases) {
      const inputs = [tensor(a, aShape), tensor(b, bShape)];
      expect(bitsFrom("batch-matmul", inputs, { attributes })).toEqual(c);
    }
  });

  it("hold for tables of tokens and their gradient", () => {
    for (const { rows, width, ...one } of read<Table>("embedding")) {
      const tokens = tensor(one.tokens);
      const table = tensor(one.table, [rows, width]);
      expect(bitsFrom("embedding", [table, tokens])).toEqual(one.y);
      const dy = tensor(one.dy, [one.tokens.length, width]);
      const around = { attributes: [rows] };
      expect(bitsFrom("embedding-gradient", [tokens, dy], around)).toEqual(one.gradient);
    }
  });

  it("hold for dropout masks", () => {
    for (const { key, step, attributes, mask } of read<Mask>("dropout-mask")) {
      const around = { step, attributes, declared: [mask.length] };
      expect(bitsFrom("dropout-mask", [tensor(key)], around)).toEqual(mask);
    }
  });

  it("would catch one wrong bit of a key", () => {
    const [, one] = read<Mask>("dropout-mask");
    const key = tensor(one.key.with(0, (Number.parseInt(one.key[0], 16) ^ 1).toString(16)));
    const { step, attributes, mask } = one;
    const given = bitsFrom("dropout-mask", [key], { step, attributes, declared: [mask.length] });
    expect(given).not.toEqual(mask);
  });
});
