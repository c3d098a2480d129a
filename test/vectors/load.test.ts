import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../src-main/contract/bytes.ts";
import { ENCODING } from "../../src-main/engine/index.ts";
import { bitsOf } from "../generators/canonical-numbers.ts";
import { runOp } from "../generators/run-op.ts";

interface Case {
  /** One sample as it stands in a data set. */
  readonly sample: string;
  readonly values: readonly string[];
}

const url = new URL("load/encoding-1.json", import.meta.url);
const cases = JSON.parse(readFileSync(url, "utf8")) as readonly Case[];

describe("the vectors of load, encoding 1", () => {
  it("hold for each sample", () => {
    expect(cases.length).toBe(20);
    for (const { sample, values } of cases) {
      const batch = hexToBytes(sample);
      const around = { attributes: [ENCODING.floats], declared: [1, values.length], batch };
      expect(bitsOf(runOp("load", [], around).values)).toEqual(values);
    }
  });
});
