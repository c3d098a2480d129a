import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { harmlessName, parseAnswer } from "../../../../src-main/adapters/meters/answer-fields.ts";

describe("adapters/meters/answer-fields", () => {
  it("makes a device's name harmless to show", () => {
    expect(harmlessName(" Plug\u001b[31m\n\u202eevil ")).toBe("Plug [31m evil");
    expect(harmlessName("\0\0")).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        const name = harmlessName(given);
        if (name === null) return;
        expect(name.length).toBeLessThanOrEqual(64);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\n]/u);
      }),
    );
  });

  it("takes an object and nothing else for an answer", () => {
    expect(parseAnswer('{"a":1}')).toEqual({ a: 1 });
    for (const text of ["", "{", "[]", "null", "1", '"x"', '{"a":1}x']) {
      const refused = expect.objectContaining({ code: "METERS_ANSWER" });
      expect(() => parseAnswer(text)).toThrow(refused);
    }
  });
});
