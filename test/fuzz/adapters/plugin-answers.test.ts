/** Whatever a plugin's helper prints, a line is an answer of known shape or none. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readAnswer } from "../../../src-main/adapters/pjrt/read-answers.ts";

const NUMBERS = ["id", "rows", "depth", "columns", "seed", "digest", "compileMs", "runMs"];
const field = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ maxLength: 12 }),
  fc.constantFrom("plugin", "device", "product", "failed", "end", true, false, null),
  fc.array(fc.integer(), { maxLength: 2 }),
);
const known = fc.constantFrom("kind", "memoryBytes", "name", "platform", "equal", ...NUMBERS);
const kinds = fc.constantFrom("plugin", "device", "product", "failed", "end", "other");
const answer = fc
  .tuple(kinds, fc.dictionary(known, field, { maxKeys: 10 }))
  .map(([kind, fields]) => JSON.stringify({ kind, ...fields }));
/** The same, cut off where the helper died. */
const cut = fc.tuple(answer, fc.nat({ max: 200 })).map(([line, length]) => line.slice(0, length));

describe("lines of a plugin's helper", () => {
  it("are answers with numbers that are numbers, or nothing", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(answer, cut, fc.string(), fc.json()), (line) => {
        const said = readAnswer(line);
        if (said === null) return;
        read += 1;
        for (const [name, value] of Object.entries(said)) {
          if (NUMBERS.includes(name)) expect(Number.isFinite(value)).toBe(true);
        }
        if (said.kind !== "device") return;
        const { memoryBytes, name } = said;
        expect(typeof name).toBe("string");
        expect(memoryBytes === null || (Number.isSafeInteger(memoryBytes) && memoryBytes > 0)).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
