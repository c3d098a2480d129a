import { describe, expect, it } from "vitest";

import { CODES } from "../../../src-main/contract/explain.ts";
import { SAFE_BEGINNINGS, safeWith } from "../../../src-main/contract/safety.ts";

describe("safeWith", () => {
  it("has a sentence for every code", () => {
    for (const code of Object.keys(CODES)) expect(safeWith(code), code).toMatch(/^[A-Z].*\.$/);
    expect(safeWith("FUTURE_THING")).toBe("");
    expect(safeWith("constructor")).toBe("");
  });

  it("takes the longest beginning", () => {
    expect(safeWith("LEDGER_COMMIT_TIME")).not.toBe(safeWith("LEDGER_EXPIRED"));
    expect(safeWith("API_TIMEOUT")).not.toBe(safeWith("API_HOST"));
    expect(safeWith("STORE_LOCKED")).toBe(safeWith("STORE_FAILED"));
  });

  it("has no sentence that no code uses", () => {
    const codes = Object.keys(CODES);
    for (const beginning of SAFE_BEGINNINGS) {
      const used = codes.some((code) => code === beginning || code.startsWith(`${beginning}_`));
      expect(used, beginning).toBe(true);
    }
  });
});
