import { describe, expect, it } from "vitest";
import { graphicsFindings } from "../../../../src-main/processes/doctor/check-graphics.ts";

const exact = {
  name: "GeForce RTX 4070",
  vendor: "nvidia",
  isSoftware: false,
  variant: "GeForce RTX 4070, slices",
  exact: true,
  reason: null,
};

describe("graphicsFindings", () => {
  it("says of each adapter that it is exact, or which op is not", () => {
    const wrong = { ...exact, exact: false, reason: "not exact here: op exp" };
    const findings = graphicsFindings([exact, wrong]);
    expect(findings.map(({ verdict, text }) => `${verdict}: ${text}`)).toEqual([
      "ok: GeForce RTX 4070, slices: exact",
      "attention: GeForce RTX 4070: not exact here: op exp",
    ]);
  });

  it("does not call a machine without one ill", () => {
    expect(graphicsFindings([])).toMatchObject([{ verdict: "ok" }]);
  });
});
