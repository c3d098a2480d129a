import { describe, expect, it } from "vitest";
import { checkCase, checkedOps } from "../../../../src-main/adapters/native-engine/check-cases.ts";
import { checkProgram } from "../../../../src-main/engine/index.ts";

describe("check-cases", () => {
  it("makes programs the engine accepts, with no tensor above the wanted size", () => {
    for (const op of checkedOps) {
      for (let seed = 1; seed <= 20; seed += 1) {
        const { program, states } = checkCase(op, seed, 300);
        expect(checkProgram(program).ok).toBe(true);
        for (const { length } of states) expect(length).toBeLessThanOrEqual(300);
      }
    }
  });

  it("gives the same case for the same seed and others for others", () => {
    const [first, again, other] = [4, 4, 5].map((seed) => checkCase("matmul", seed, 300));
    expect(again).toEqual(first);
    expect(other.programBytes).not.toEqual(first.programBytes);
  });
});
