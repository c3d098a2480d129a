import { describe, expect, it } from "vitest";
import type { UnitPhase } from "../../../../src-main/ledger/index.ts";
import { nextAction } from "../../../../src-main/miner/unit/next-action.ts";

const both = { worker: true, verifier: true };
const all = { work: "whole", verdict: "whole" } as const;
const none = { work: "none", verdict: "none" } as const;
const damaged = { work: "damaged", verdict: "damaged" } as const;

describe("miner/unit/next-action", () => {
  it.each<[UnitPhase | undefined, string, string]>([
    ["assigned", "train", "seal"],
    ["sealed", "wait", "reveal"],
    ["revealed", "wait", "wait"],
    ["challenged", "replay", "commit-verdict"],
    ["committed", "wait", "open-inners"],
    ["opened", "wait", "open-verdict"],
    ["accepted", "wait", "wait"],
    ["disputed", "wait", "wait"],
    ["paid", "end", "end"],
    ["void", "end", "end"],
    [undefined, "end", "end"],
  ])("in phase %s is %s without files and %s with them", (phase, without, withFiles) => {
    expect(nextAction(phase, both, none)).toBe(without);
    expect(nextAction(phase, both, all)).toBe(withFiles);
  });

  it.each<[UnitPhase, string]>([
    ["assigned", "train"],
    ["sealed", "work-damaged"],
    ["challenged", "replay"],
    ["committed", "work-damaged"],
    ["opened", "verdict-damaged"],
    ["paid", "end"],
  ])("in phase %s is %s with damaged files", (phase, action) => {
    expect(nextAction(phase, both, damaged)).toBe(action);
    expect(nextAction(phase, { worker: false, verifier: false }, damaged)).toBe(
      phase === "paid" ? "end" : "wait",
    );
  });

  it("never does the other side's duty", () => {
    const worker = { worker: true, verifier: false };
    const verifier = { worker: false, verifier: true };
    for (const phase of ["challenged", "opened"] as const) {
      expect(nextAction(phase, worker, all)).toBe("wait");
    }
    for (const phase of ["assigned", "sealed", "committed"] as const) {
      expect(nextAction(phase, verifier, all)).toBe("wait");
    }
  });
});
