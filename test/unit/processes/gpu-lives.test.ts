import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mayUseGpu } from "../../../src-main/processes/gpu-lives.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-lives-"));
afterAll(() => rmSync(folder, { recursive: true }));
const mark = join(folder, "graphics-lives");

describe("mayUseGpu", () => {
  it("counts lives that did not end by themselves and stops after two", () => {
    expect([mayUseGpu(folder), mayUseGpu(folder), mayUseGpu(folder)]).toEqual([true, true, false]);
    expect(readFileSync(mark, "utf8")).toBe("2");
  });

  it("trusts no mark that it cannot read", () => {
    for (const text of ["", "x", "-1"]) {
      writeFileSync(mark, text);
      expect(mayUseGpu(folder), text).toBe(false);
    }
  });
});
