import { describe, expect, it } from "vitest";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { checkSearch } from "../../../../src-main/processes/doctor/check-search.ts";
import { NaiveNearest } from "../../../worlds/naive-nearest.ts";

describe("the doctor's look at searching", () => {
  it("names who reads large collections", async () => {
    const maker = new NaiveNearest();
    const finding = await checkSearch(() => Promise.resolve({ maker, fault: undefined }));
    expect(finding).toMatchObject({ check: "search", verdict: "ok" });
    expect(finding.text).toContain("naive");
  });

  it("says why it is slower than it could be, and how to mend it", async () => {
    const fault = new Fault("SEARCH_ACCELERATOR_ABSENT", "no prebuilt library");
    const finding = await checkSearch(() => Promise.resolve({ maker: undefined, fault }));
    expect(finding.verdict).toBe("attention");
    expect(finding.text).toContain("SEARCH_ACCELERATOR_ABSENT: no prebuilt library");
    expect(finding.next).toMatch(/npm start/);
  });
});
