import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { opNames } from "../../src-main/engine/index.ts";
import { opErrorTable } from "../reports/op-error-table.ts";
import { ERRORS, EXACT_OPS, measuredError } from "../worlds/op-errors.ts";

/** Seeds and values of one op; the numbers in NUMERICS.md come from the full form. */
const [SEEDS, COUNT] = process.env["VIVIAN_FULL"] === "1" ? [20, 100_000] : [3, 3_000];

interface Line {
  readonly op: string;
  readonly bound: number;
  readonly unit: string;
}

/** The lines of the table under "Errors". */
function linesOfNumerics(): readonly Line[] {
  const url = new URL("../../src-main/engine/NUMERICS.md", import.meta.url);
  const [, section] = readFileSync(url, "utf8").split("\n## Errors\n");
  return section
    .split("\n## ")[0]
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| op ") && !line.includes("---"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .flatMap(([, names, , error]) => {
      const [bound, ...unit] = error === "none" ? ["0"] : error.split(" ");
      return names.split(", ").map((op) => ({ op, bound: Number(bound), unit: unit.join(" ") }));
    });
}

const lines = linesOfNumerics();
const rounding = lines.filter(({ op }) => op in ERRORS);
const table = opErrorTable("conformance/op-errors");

describe("errors against doubles", () => {
  it("have a line for every op, and no other", () => {
    const named = new Set(lines.map(({ op }) => op.split(" ")[0]));
    expect([...named].toSorted()).toEqual([...opNames()].toSorted());
    expect(rounding.map(({ op }) => op).toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it("are none where a value is only chosen or moved", () => {
    const none = lines.filter(({ bound }) => bound === 0).map(({ op }) => op);
    expect(none.toSorted()).toEqual([...EXACT_OPS].toSorted());
  });

  it.each(rounding)("are at most what is said: $op, $bound $unit", ({ op, bound, unit }) => {
    const measured = measuredError(op, SEEDS, COUNT);
    table.add({
      op,
      "error at most": `${bound} ${unit}`,
      measured: measured.toPrecision(3),
      values: String(SEEDS * COUNT),
    });
    // What a bound forbids it also allows to come near, or it would say nothing.
    expect(measured).toBeLessThanOrEqual(bound);
    expect(measured).toBeGreaterThan(bound / 10);
  });
});
