import { describe, expect, it } from "vitest";
import { quantiseVector } from "../../../../src-main/ledger/index/index.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

describe("ledger/index/quantise", () => {
  it("spreads numbers over −127 to 127, rounds halves upwards and cuts what is beyond", () => {
    const numbers = [1, -1, 0.5, -0.5, 0, 2, -9, 1 / 254, -1 / 254];
    expect([...must(quantiseVector(numbers, 1))]).toEqual([127, -127, 64, -63, 0, 127, -127, 1, 0]);
    expect([...must(quantiseVector(Float32Array.of(3, -6), 6))]).toEqual([64, -127]);
  });

  it.each([
    ["no numbers", [], 1],
    ["too many", new Float32Array(4_097), 1],
    ["one that is none", [1, NaN], 1],
    ["an infinite one", [Infinity], 1],
    ["a range of zero", [1], 0],
    ["a range that is none", [1], NaN],
  ])("refuses %s", (_, values, largest) => {
    expect(codeOf(quantiseVector(values, largest))).toBe("LEDGER_VECTOR");
  });
});
