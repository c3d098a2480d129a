import { describe, expect, it } from "vitest";
import { matchSentence } from "../../../../src-main/contract/energy-report.ts";
import { reportPdf } from "../../../../src-main/processes/cli/report-pdf.ts";
import { dayReport } from "../../../worlds/energy-day.ts";

describe("processes/cli/report-pdf", () => {
  it("is one page of paper", async () => {
    const report = dayReport();
    const kept = { seq: 0, report, digest: "ab".repeat(32), file: "x" };
    const bytes = await reportPdf({ ...kept, sentence: matchSentence(report) });
    const text = Buffer.from(bytes).toString("latin1");
    expect(text.startsWith("%PDF-1.")).toBe(true);
    expect(text.trimEnd().endsWith("%%EOF")).toBe(true);
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
  });
});
