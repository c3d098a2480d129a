import { describe, expect, it } from "vitest";

import { factWords } from "../../../../src-renderer/text/fact-words.ts";

describe("factWords", () => {
  it("gives sizes and times their unit, and names their words", () => {
    const facts = { folder: "/home/ada", freeBytes: 4_096, afterMs: 30_000, exitCode: 9 };
    expect(factWords(facts)).toBe("folder /home/ada, free 4.0 KiB, after 30 s, exit code 9");
  });

  it("leaves what is no number as it is, and says nothing of nothing", () => {
    expect(factWords({ timeMs: "12", isWhole: false })).toBe("time ms 12, is whole false");
    expect(factWords({})).toBe("");
  });
});
