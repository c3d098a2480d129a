import { describe, expect, it } from "vitest";
import { concentrationLines } from "../../../../src-main/processes/cli/ledger-concentration.ts";
import { concentrationOf } from "../../../generators/concentration-answers.ts";

describe("processes/cli/ledger-concentration", () => {
  it("shows both numbers of each with the threshold, then what they mean", () => {
    const lines = concentrationLines(concentrationOf());
    expect(lines[0]).toMatch(/^ +accounts +Nakamoto +together +Gini +greatest$/);
    expect(lines[1]).toMatch(/^Votes +4 +1 +over 1\/3 +0\.25 +40\.0 %$/);
    expect(lines[3]).toMatch(/^Paid work, by worker +5 +1 +over 1\/2 +0\.\d\d +58\.0 %$/);
    expect(lines.join("\n")).toMatch(/one person may hold many/);
    expect(lines.join("\n")).toMatch(/class of device cannot be counted/);
  });

  it("says in words what there is nothing of", () => {
    const text = concentrationLines(concentrationOf({})).join("\n");
    expect(text).toContain("Votes: No validator has a vote.");
    expect(text).toContain("Paid work, by worker: No work was paid in these commits yet.");
  });
});
