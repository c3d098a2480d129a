/** The study of accuracy runs as a whole, and what it judges by tells right from wrong. */
import { describe, expect, it } from "vitest";
import { benchAccuracy } from "../../bench/accuracy/bench-accuracy.ts";
import { brownSamples, plainText } from "../../bench/accuracy/brown-text.ts";
import { batchOf, meanLoss } from "../../bench/accuracy/curves.ts";
import { DISTRIBUTIONS, errorOf, operandsOf } from "../../bench/accuracy/operands.ts";
import { studies } from "../../bench/accuracy/studies.ts";
import { markdownTable } from "../../bench/accuracy/tables.ts";
import type { BenchKit } from "../../bench/bench-kit.ts";
import type { BenchLine } from "../../bench/bench-line.ts";

const lines: BenchLine[] = [];
const notes: string[] = [];
const kit: BenchKit = {
  size: "tiny",
  // Where PyTorch is missing, that is a note and no failure.
  peers: true,
  print: (line) => void lines.push(line),
  note: (text) => void notes.push(text),
};

describe("the study of accuracy", () => {
  it("trains both models in f32, I14 and I8, and makes its tables", async () => {
    await benchAccuracy(kit);
    for (const line of lines) {
      expect(line.name).toMatch(/^accuracy\.[a-z-]+\/[a-z]+=\S+( [a-z]+=\S+)*$/);
      expect(line.value).toBeGreaterThan(0);
    }
    const of = (what: string) => lines.filter(({ name }) => name.startsWith(`accuracy.${what}/`));
    expect(of("product")).toHaveLength(9);
    for (const model of ["gpt", "cnn"]) {
      const losses = of("train-loss").filter(({ name }) => name.includes(`model=${model}`));
      const known = losses.filter(({ peer }) => peer?.startsWith("torch") !== true);
      expect(known.map(({ name }) => /arithmetic=(\S+)/.exec(name)?.[1])).toEqual([
        "f32",
        "I14",
        "I8",
      ]);
      expect(known.map(({ peer }) => peer)).toEqual([undefined, "f32", "f32"]);
      for (const { ratio } of losses.slice(1)) expect(ratio).toBeCloseTo(1, 1);
    }
    expect(notes.filter((note) => note.startsWith("| "))).toHaveLength(5);
  });

  it("gives each arithmetic the same batches, each seed its own", () => {
    const [study] = studies(kit);
    expect(batchOf(study, 1, 2)).toEqual(batchOf(study, 1, 2));
    expect(batchOf(study, 1, 2)).not.toEqual(batchOf(study, 2, 2));
    expect(batchOf(study, 1, 2)).not.toEqual(batchOf(study, 1, 3));
  });

  it("takes the mean of the last steps, or of those there are", () => {
    expect(meanLoss([5, 4, 3, 2, 1], 4, 2)).toBe(2.5);
    expect(meanLoss([5, 4, 3], 2, 50)).toBe(4.5);
  });
});

describe("operands and errors", () => {
  it("know a product that is right from one that is slightly wrong", () => {
    for (const distribution of DISTRIBUTIONS) {
      const operands = operandsOf(distribution, [5, 33, 4], 1);
      const { a, b, rows, depth, columns } = operands;
      const product = new Float32Array(rows * columns);
      for (let at = 0; at < product.length; at += 1) {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < depth; k += 1) sum += a[row * depth + k] * b[k * columns + column];
        product[at] = sum;
      }
      expect(errorOf(operands, product).relative).toBeLessThan(1e-7);
      product[7] *= 1.01;
      expect(errorOf(operands, product).relative).toBeGreaterThan(1e-5);
    }
  });

  it("are what their names say: one channel of 64 is large, tails are heavy", () => {
    const shape = [64, 512, 8] as const;
    const channel = operandsOf("outlier-channel", shape, 1);
    const spread = (first: number): number => {
      let squares = 0;
      for (let row = 0; row < 64; row += 1) squares += channel.a[row * 512 + first] ** 2;
      return Math.sqrt(squares / 64);
    };
    expect(spread(64) / spread(65)).toBeGreaterThan(50);
    const fourth = (values: Float32Array): number => {
      const mean = (power: number): number =>
        values.reduce((sum, value) => sum + value ** power, 0) / values.length;
      return mean(4) / mean(2) ** 2;
    };
    expect(fourth(operandsOf("gaussian", shape, 1).a)).toBeCloseTo(3, 0);
    expect(fourth(operandsOf("heavy-tailed", shape, 1).a)).toBeGreaterThan(8);
  });
});

describe("the Brown corpus", () => {
  it("loses its tags and keeps its words", () => {
    const tagged = "\n\tThe/at jury/nn said/vbd and/or/cc ``/`` no/at ./.\n\n\tIt/pps did/dod\n";
    expect(plainText(tagged)).toBe("The jury said and/or `` no .\nIt did");
  });

  it("gives samples of characters, whole and apart from those held out", () => {
    const { train, holdout } = brownSamples(65);
    expect([train.length % 65, holdout.length % 65]).toEqual([0, 0]);
    expect(train.length).toBeGreaterThan(5_000_000);
    expect(holdout.length).toBeGreaterThan(200_000);
    expect(train.every((byte) => byte < 128)).toBe(true);
    const text = Buffer.from(train.subarray(0, 200)).toString("latin1");
    expect(text).toContain("The Fulton County Grand Jury said Friday");
  });
});

describe("a table", () => {
  it("has columns as wide as their widest entry", () => {
    expect(markdownTable(["a", "bb"], [["ccc", "d"]])).toBe(
      "| a   | bb |\n| --- | -- |\n| ccc | d  |",
    );
  });
});
