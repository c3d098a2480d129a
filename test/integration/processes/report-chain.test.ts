import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { energyReportHandlers } from "../../../src-main/api/index.ts";
import { makeReport } from "../../../src-main/energy/report/index.ts";
import { ReportChain } from "../../../src-main/processes/daemon/reports/report-chain.ts";
import { dayPlan, dayReport, plugSource } from "../../worlds/energy-day.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "vivian-reports-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a chain of reports on disk", () => {
  it("begins with none, and each report names the one before", () => {
    const chain = new ReportChain(folder, sha256);
    expect(chain.next()).toEqual({ seq: 0, prev: null });
    const first = chain.add(dayReport(chain.next()));
    expect(chain.next()).toEqual({ seq: 1, prev: first.digest });
    chain.add(dayReport(chain.next()));
    expect(chain.count()).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(["000000.json", "000001.json"]);
    expect(chain.read(1)?.report.prev).toBe(`sha256:${first.digest}`);
    expect(chain.read(2)).toBeUndefined();
  });

  it("goes on after a start that was cut off while it wrote", () => {
    const chain = new ReportChain(folder, sha256);
    chain.add(dayReport(chain.next()));
    writeFileSync(join(folder, "000001.json.new"), '{"schema":');
    expect(chain.next().seq).toBe(1);
    chain.add(dayReport(chain.next()));
    expect(new ReportChain(folder, sha256).count()).toBe(2);
  });

  it("never writes a number twice, and follows nothing that is damaged", () => {
    const chain = new ReportChain(folder, sha256);
    const report = dayReport(chain.next());
    chain.add(report);
    expect(() => chain.add(report)).toThrow(expect.objectContaining({ code: "PROCESSES_HOME" }));
    writeFileSync(join(folder, "000000.json"), "{}");
    const damaged = expect.objectContaining({ code: "ENERGY_REPORT_DAMAGED" });
    expect(() => chain.next()).toThrow(damaged);
  });

  it("is asked for a report that is not there", async () => {
    const chain = new ReportChain(folder, sha256);
    const handlers = energyReportHandlers({
      make: () => Promise.reject(new Error("not asked")),
      list: () => ({
        count: 0,
        reports: [],
        anchoring: { lastDay: null, lastSlot: null, waiting: null },
      }),
      kept: (seq) => chain.read(seq),
      check: () => {
        throw new Error("not asked");
      },
    });
    const answer = await handlers["energy.kept-report"]({ seq: 3 });
    expect(answer).toMatchObject({ ok: false, rejection: { code: "ENERGY_REPORT_UNKNOWN" } });
  });
});

describe("a report that cannot be made", () => {
  it.each([
    ["ENERGY_REPORT_NO_ROWS", { sources: [] }],
    ["ENERGY_REPORT_NO_ROWS", { sources: [plugSource([])] }],
    ["ENERGY_REPORT_PERIOD", { fromMs: 1 }],
    ["ENERGY_REPORT_PERIOD", { toMs: 0 }],
    ["ENERGY_REPORT_PERIOD", { fromMs: 0 }],
  ])("is refused with %s", (code, change) => {
    expect(makeReport(sha256, dayPlan(change))).toMatchObject({ rejection: { code } });
  });
});
