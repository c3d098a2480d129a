import { describe, expect, it } from "vitest";

import { readCount, readSlot } from "../../../../src-main/processes/cli/read-number.ts";

describe("readSlot", () => {
  it("reads whole numbers, with spaces as they are printed", () => {
    expect(readSlot("0")).toBe(0);
    expect(readSlot("10 482")).toBe(10_482);
  });

  it("refuses everything else", () => {
    for (const text of ["-1", "1.5", "1e3", "0x10", "", "abc", "9".repeat(16)]) {
      expect(() => readSlot(text), text).toThrow();
    }
  });
});

describe("readCount", () => {
  it("keeps to what the daemon answers", () => {
    expect(readCount("200")).toBe(200);
    for (const text of ["0", "201", "x"]) expect(() => readCount(text)).toThrow();
  });
});
