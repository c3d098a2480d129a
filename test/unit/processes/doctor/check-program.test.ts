import { describe, expect, it } from "vitest";
import { checkNode } from "../../../../src-main/processes/doctor/check-program.ts";

describe("processes/doctor/check-program", () => {
  it("accepts the oldest Node that runs the sources, and newer ones", () => {
    for (const version of ["24.15.0", "24.21.0", "25.0.1"]) {
      expect(checkNode(version).verdict, version).toBe("ok");
    }
  });

  it("finds a Node that is too old and says how to get another", () => {
    for (const version of ["20.9.0", "24.14.9"]) {
      const finding = checkNode(version);
      expect(finding.verdict, version).toBe("fault");
      expect(finding.next).toContain("npm start");
    }
  });
});
