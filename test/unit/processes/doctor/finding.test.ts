import { describe, expect, it } from "vitest";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { faultOf } from "../../../../src-main/processes/doctor/finding.ts";

describe("processes/doctor/finding", () => {
  it("takes what to do next from the code", () => {
    const finding = faultOf("ledger", new Fault("STORE_DISK_FULL", "at /data"));
    expect(finding).toMatchObject({ check: "ledger", verdict: "fault" });
    expect(finding.text).toMatch(/^STORE_DISK_FULL: .*\(at \/data\)$/);
    expect(finding.next).not.toBe("");
  });

  it("keeps the message of what has no code", () => {
    expect(faultOf("ledger", new Error("odd")).text).toBe("odd");
    expect(faultOf("ledger", new Fault("NO_SUCH_CODE", "odd")).text).toBe("odd");
  });
});
