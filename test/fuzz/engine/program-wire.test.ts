import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../src-main/engine/compile.ts";
import { DIGITS_TINY } from "../../../src-main/engine/models/digits-tiny.ts";
import { openProgram } from "../../../src-main/engine/program/check.ts";
import { decodeProgram, encodeProgram } from "../../../src-main/engine/program/wire.ts";
import { parseModel } from "../../../src-main/engine/models/parse-model.ts";

const compiled = compileTraining(DIGITS_TINY);
if (!compiled.ok) throw new Error(compiled.rejection.code);
const valid = encodeProgram(compiled.value);

/** Whatever is accepted must be written back as the bytes it came from. */
function expectOneForm(bytes: Uint8Array): void {
  const decoded = decodeProgram(bytes);
  if (decoded.ok) expect(encodeProgram(decoded.value)).toEqual(bytes);
  else expect(decoded.rejection.code).toMatch(/^(CODEC|ENGINE)_/);
  const opened = openProgram(bytes);
  if (opened.ok) expect(decoded.ok).toBe(true);
}

describe("program bytes from anywhere", () => {
  it("answers random bytes with a value or a rejection", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectOneForm), { numRuns: 2_000 });
  });

  it("answers a valid program with changed bytes the same way", () => {
    const at = fc.integer({ min: 0, max: valid.length - 1 });
    const changes = fc.array(fc.tuple(at, fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, (changed) => {
        const bytes = valid.slice();
        for (const [place, byte] of changed) bytes[place] = byte;
        expectOneForm(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers a valid program cut or continued anywhere", () => {
    for (let size = 0; size < valid.length; size += 1) {
      expect(decodeProgram(valid.subarray(0, size)).ok).toBe(false);
    }
  });
});

describe("model text from anywhere", () => {
  it("answers with a value or a rejection", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(parseModel(text).ok).toBe(false);
      }),
    );
  });
});
