import { describe, expect, it } from "vitest";

import { CODES, explainCode, factsText } from "../../../src-main/contract/explain.ts";

describe("explainCode", () => {
  it("splits every sentence into what happened and what to do next", () => {
    for (const code of Object.keys(CODES)) {
      const { what, next } = explainCode(code);
      expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/);
      expect(what, code).toMatch(/^[^ ].*\.$/);
      expect(CODES[code], `${code} says what to do next`).toContain("; ");
      expect(next, code).toMatch(/^[^ ].*\.$/);
      expect(CODES[code], code).not.toMatch(/!/);
    }
  });

  it("says that it does not know a code of a newer version", () => {
    expect(explainCode("FUTURE_THING").what).toContain("FUTURE_THING");
    expect(explainCode("toString").what).toContain("toString");
  });

  it("writes facts as names and values", () => {
    expect(factsText({ slot: 4, held: true })).toBe("slot 4, held true");
    expect(factsText({})).toBe("");
  });
});
