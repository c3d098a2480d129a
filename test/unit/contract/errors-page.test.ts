import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { errorsPage } from "../../../src-main/contract/errors-page.ts";
import { CODES } from "../../../src-main/contract/explain.ts";
import { PROVOKED_INPUTS } from "../../reports/provoked-inputs.ts";

const pathOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe("ERRORS.md", () => {
  it("is what the lists of codes give", async () => {
    const page = pathOf("src-main/contract/ERRORS.md");
    expect(existsSync(page)).toBe(true);
    await expect(errorsPage(PROVOKED_INPUTS)).toMatchFileSnapshot(page);
  });

  it("has one row for every code", () => {
    const page = errorsPage([]);
    for (const code of Object.keys(CODES)) {
      expect(page.split(`| \`${code}\` |`), code).toHaveLength(2);
    }
  });

  it.each(PROVOKED_INPUTS)("names a test that is there for: $input", ({ codes, test, fact }) => {
    const text = readFileSync(pathOf(test), "utf8");
    expect(text).toContain(fact);
    for (const code of codes) {
      expect(Object.hasOwn(CODES, code), code).toBe(true);
      expect(text).toContain(code);
    }
  });
});
