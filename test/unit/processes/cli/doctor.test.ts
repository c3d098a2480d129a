import { describe, expect, it } from "vitest";
import { findingLines } from "../../../../src-main/processes/cli/doctor.ts";
import { attention, fault, ok } from "../../../../src-main/processes/doctor/finding.ts";

describe("processes/cli/doctor", () => {
  it("tells what is wrong and how to mend it, under each other", () => {
    const lines = findingLines([ok("Node", "24.21.0"), fault("keys", "open", "close them")]);
    expect(lines).toEqual([
      "ok         Node  24.21.0",
      "FAULT      keys  open",
      "                 close them",
      "At fault: 1.",
    ]);
  });

  it("ends with how it is on the whole", () => {
    expect(findingLines([ok("a", "b")]).at(-1)).toBe("All is well.");
    expect(findingLines([attention("a", "b", "c")]).at(-1)).toBe("Nothing is at fault.");
  });
});
