import { describe, expect, it } from "vitest";
import { delimiterOf } from "../../../../src-main/adapters/data-import/csv-rows.ts";

describe("adapters/data-import/csv-rows", () => {
  it("parts cells by what the first line holds, a comma before all else", () => {
    expect(delimiterOf("a,1;2\t3")).toBe(",");
    expect(delimiterOf("\ufeff\n\na;1\t2\n1,2")).toBe(";");
    expect(delimiterOf("a\t1\r\nb,2")).toBe("\t");
    expect(delimiterOf("")).toBe(",");
  });
});
