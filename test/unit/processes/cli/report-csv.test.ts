import { describe, expect, it } from "vitest";
import { reportCsv } from "../../../../src-main/processes/cli/report-csv.ts";
import { dayReport, signedAnew } from "../../../worlds/energy-day.ts";

describe("processes/cli/report-csv", () => {
  it("has a line for each interval, and nothing where nothing is known", () => {
    const lines = reportCsv(dayReport()).split("\r\n");
    expect(lines).toHaveLength(1 + 24 + 1);
    expect(lines[0].split(",")).toHaveLength(16);
    expect(lines[1]).toBe(
      "2026-06-20T00:00:00Z,200,plug-desk,201,1,measured,0,roof,0,0,300,0.45,electricitymaps," +
        "true,,520",
    );
  });

  it("gives a spreadsheet no formula and no broken line", () => {
    const report = signedAnew(dayReport(), ({ intervals }) => {
      intervals[0].load_src = '=HYPERLINK("x")';
      intervals[1].load_src = "a,b";
    });
    const [, first, second] = reportCsv(report).split("\r\n");
    expect(first).toContain('"\'=HYPERLINK(""x"")"');
    expect(second).toContain('"a,b"');
  });
});
