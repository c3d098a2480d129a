import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { textEmbedding } from "../../../../src-main/ledger/index/index.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

const embed = (text: string) => must(textEmbedding(text));
const distance = (one: string, other: string) => {
  const [left, right] = [embed(one), embed(other)];
  return left.reduce((sum, number, at) => sum + (number - right[at]) ** 2, 0);
};

describe("ledger/index/text-embedding", () => {
  it("keeps its bytes: what was embedded once is found for ever", () => {
    const vectors = ["", "a", "Handwritten digits, 28 x 28", "données météo 東京"];
    const hashes = vectors.map((text) => {
      const numbers = embed(text);
      return bytesToHex(sha256(new Uint8Array(numbers.buffer))).slice(0, 16);
    });
    expect(hashes).toMatchInlineSnapshot(`
      [
        "38723a2e5e8a17aa",
        "dbdc6bca0fde988a",
        "cf0b5335f590e000",
        "8126eed5e66f2c51",
      ]
    `);
  });

  it("is the definition, followed by hand for one word of one letter", () => {
    // Features of "a": the word with weight 2, and " a " with weight 1.
    const hash = (bytes: readonly number[]) => {
      let value = 0x811c9dc5n;
      for (const byte of bytes) value = ((value ^ BigInt(byte)) * 0x01000193n) & 0xffff_ffffn;
      for (const factor of [0x85ebca6bn, 0xc2b2ae35n]) {
        value ^= factor === 0x85ebca6bn ? value >> 16n : value >> 13n;
        value = (value * factor) & 0xffff_ffffn;
      }
      return Number(value ^ (value >> 16n));
    };
    const sums = new Map<number, number>();
    for (const [feature, weight] of [
      [hash([1, 0x61]), 2],
      [hash([2, 0x20, 0x61, 0x20]), 1],
    ]) {
      const at = feature % 128;
      sums.set(at, (sums.get(at) ?? 0) + (feature >= 2 ** 31 ? -weight : weight));
    }
    const norm = Math.floor(Math.sqrt([...sums.values()].reduce((sum, one) => sum + one * one, 0)));
    const numbers = embed("a");
    for (const [at, sum] of sums) {
      const size = Math.min(127, Math.floor((2 * Math.abs(sum) * 384 + norm) / (2 * norm)));
      expect(numbers[at]).toBe(Math.sign(sum) * size);
    }
    expect(numbers.filter((number) => number !== 0)).toHaveLength(sums.size);
  });

  it("folds A to Z and nothing else, and takes any separator alike", () => {
    expect(embed("Road-Weather: NORTH")).toEqual(embed("road weather\nnorth"));
    expect(embed("Ärger")).not.toEqual(embed("ärger"));
    // One letter or a letter and an accent: other bytes, other embeddings, on every machine.
    expect(embed("\u00e9t\u00e9")).not.toEqual(embed("e\u0301te\u0301"));
  });

  it("puts what shares words and word parts nearer than what shares nothing", () => {
    const query = "handwritten digit pictures";
    const near = distance(query, "pictures of handwritten digits, 70,000 samples");
    expect(near).toBeLessThan(distance(query, "hourly weather of northern roads"));
    expect(distance(query, "digit picture handwriting")).toBeLessThan(
      distance(query, "iris flowers, four measurements"),
    );
  });

  it("uses numbers −127 to 127 for any text, zeros for one without words", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const numbers = embed(text);
        expect(numbers).toHaveLength(128);
        expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-127);
      }),
    );
    expect(embed(" ,.!?\n")).toEqual(new Int8Array(128));
    expect(embed("word ".repeat(13_107)).some((number) => number !== 0)).toBe(true);
  });

  it("refuses text above 65,536 bytes", () => {
    expect(embed("x".repeat(65_536))).toHaveLength(128);
    expect(codeOf(textEmbedding("x".repeat(65_537)))).toBe("LEDGER_TEXT_SIZE");
  });
});
