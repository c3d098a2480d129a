/** Every rule holds in the tree, and every rule finds what its samples plant. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as rules from "./rules/index.ts";
import { placeOf, samplesOf } from "./sample.ts";
import { readTree } from "./tree.ts";
import type { Finding } from "./tree.ts";

const here = dirname(fileURLToPath(import.meta.url));
const tree = readTree(dirname(dirname(here)));
const { sourcesWithoutUnitTest, ...all } = rules;

const asLine = (finding: Finding): string => `${placeOf(finding)} ${finding.message}`;

describe.each(Object.values(all))("rule $name", (rule) => {
  it(`holds: ${rule.holds}`, () => {
    expect(rule.check(tree).map(asLine)).toEqual([]);
  });

  const folder = join(here, "samples", rule.name);

  it("has a sample that must fail and one that must pass", () => {
    const samples = existsSync(folder) ? samplesOf(folder) : [];
    expect(samples.some((sample) => sample.expected.length > 0)).toBe(true);
    expect(samples.some((sample) => sample.expected.length === 0)).toBe(true);
  });

  it.each(existsSync(folder) ? samplesOf(folder) : [])("sample: $name", (sample) => {
    const findings = rule.check(sample.tree);
    const lines = findings.map(asLine);
    expect(findings.map(placeOf), lines.join("\n")).toEqual(
      sample.expected.map((expectation) => expectation.place),
    );
    for (const [index, expectation] of sample.expected.entries()) {
      expect(lines[index]).toContain(expectation.words);
    }
  });
});

describe("unit tests", () => {
  it("cover sources; those without one of their own are told", () => {
    const without = sourcesWithoutUnitTest(tree);
    process.stdout.write(`${without.length} sources have no unit test of their own\n`);
    expect(Array.isArray(without)).toBe(true);
  });
});
