/** `vivian energy verify` with what is no report at all: each no says what to do. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { TestHome } from "./run-vivian.ts";

const home = new TestHome("");
const folder = mkdtempSync(join(tmpdir(), "vivian-reports-"));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await home.remove();
});

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const WRONG = [
  {
    what: "a file that is not there",
    file: () => join(folder, "none.json"),
    code: "ENERGY_REPORT_FILE",
  },
  { what: "a folder", file: () => folder, code: "ENERGY_REPORT_FILE" },
  { what: "an empty file", file: () => written("empty.json", ""), code: "ENERGY_REPORT_FORM" },
  { what: "no JSON", file: () => written("text.json", "a day"), code: "ENERGY_REPORT_FORM" },
  { what: "another document", file: () => written("other.json", "{}"), code: "ENERGY_REPORT_FORM" },
];

describe("vivian energy verify", () => {
  it.each(WRONG)("refuses $what with $code", async ({ file, code }) => {
    const ran = await home.run(["energy", "verify", file()]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(code);
    expect(ran.stderr).toContain("Safe: ");
  });
});
