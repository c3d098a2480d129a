/**
 * Decides whether a report holds: its form, its signature, its place in the chain, every figure
 * recomputed, the bounds of physics, and the ledger. Each contradiction is named; what could not be
 * looked at is named as well, since "nothing found" must not look like "all checked".
 */

import type { ReportCheck } from "../../contract/control-api/energy-report.ts";
import { checkReportForm, matchSentence, REPORT_TEXT_MAX } from "../../contract/energy-report.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { reportDigest } from "./canonical.ts";
import { checkIntervalBounds, checkWork } from "./check-bounds.ts";
import { checkAnchors, checkCertificates, checkUnits } from "./check-ledger.ts";
import type { LedgerFacts } from "./check-ledger.ts";
import {
  checkIntervals,
  checkPeriod,
  checkRegister,
  checkSources,
  checkTotals,
} from "./check-series.ts";
import { checkRows } from "./check-rows.ts";
import { checkStorage } from "./check-storage.ts";
import { Findings } from "./findings.ts";
import { formerKeys, isHandedOver } from "./key-change.ts";
import { CLOCK_SLACK_MS } from "./limits.ts";
import { minerSignature } from "./sign-report.ts";

/** What a check may lean on beside the report itself. */
export interface CheckNeeds {
  readonly hasher: Hasher;
  /** null: no ledger to look into. */
  readonly facts: LedgerFacts | null;
  /** The report before, where it is at hand. */
  readonly previous: EnergyReport | null;
  /** The checker's clock. */
  readonly nowMs: number;
}

/** Reads the text of a report. @rejects ENERGY_REPORT_FORM */
export function readReport(text: string): Outcome<EnergyReport> {
  if (text.length > REPORT_TEXT_MAX) {
    return reject("ENERGY_REPORT_FORM", { characters: text.length, max: REPORT_TEXT_MAX });
  }
  try {
    return checkReportForm(JSON.parse(text));
  } catch {
    return reject("ENERGY_REPORT_FORM", { problem: "it is no JSON" });
  }
}

/** Checks the text of a report; never throws. */
export function checkText(text: string, needs: CheckNeeds): ReportCheck {
  const read = readReport(text);
  if (read.ok) return checkReport(read.value, needs);
  const { field = "(whole)", problem = "too long" } = read.rejection.facts as Record<
    string,
    string
  >;
  const said = `${String(field)}: ${String(problem)}`.slice(0, 400);
  return {
    verdict: "unreadable",
    contradictions: [{ code: read.rejection.code, where: String(field).slice(0, 128), text: said }],
    unchecked: [],
    sentence: null,
    report: null,
  };
}

/** Checks a report that reads. */
export function checkReport(report: EnergyReport, needs: CheckNeeds): ReportCheck {
  const findings = new Findings();
  const kid = minerSignature(report);
  if (kid === undefined) {
    const text =
      "No miner's signature is over what the report says; it was changed, or never signed.";
    findings.say("ENERGY_SIGNATURE", "signatures", text);
  }
  if (report.assurance !== "self-signed") {
    findings.skip(report.assurance, "signatures of meters and verifiers are not checked here");
  }
  const former = formerKeys(report, kid, findings);
  checkChain(report, kid, needs, findings);
  const span = checkPeriod(report, findings);
  checkSources(report, findings);
  checkTotals(report, findings);
  checkRegister(report, findings);
  const ledger = { hasher: needs.hasher, report, kid, former, facts: needs.facts, findings };
  if (span !== undefined) {
    if (span.toMs > needs.nowMs + CLOCK_SLACK_MS) {
      findings.say("ENERGY_CLOCK", "period.end", `${report.period.end} has not come yet.`);
    }
    checkIntervals(report, span, findings);
    checkIntervalBounds(report, span, findings);
    checkStorage(report, findings);
    checkWork(report, span, findings);
    checkRows(report, findings, span.stepMs);
    checkCertificates(ledger, span);
  }
  checkAnchors(ledger, span);
  checkUnits(ledger);
  const { contradictions, unchecked } = findings;
  const sound = contradictions.length === 0;
  return {
    verdict: sound ? "sound" : "contradicted",
    contradictions,
    unchecked,
    // Nobody but the miner is known to have signed, whatever the report says of it.
    sentence: sound ? matchSentence({ ...report, assurance: "self-signed" }) : null,
    report,
  };
}

/** Says ENERGY_CHAIN. */
function checkChain(
  report: EnergyReport,
  kid: string | undefined,
  { hasher, previous }: CheckNeeds,
  findings: Findings,
): void {
  if ((report.seq === 0) !== (report.prev === null)) {
    const text =
      `Report ${report.seq} ` + `${report.prev === null ? "names none" : "names one"} before it.`;
    findings.say("ENERGY_CHAIN", "prev", text);
    return;
  }
  if (report.prev === null) return;
  if (previous === null) {
    findings.skip("the report before", "it is not at hand");
    return;
  }
  const follows =
    previous.seq + 1 === report.seq && report.prev === `sha256:${reportDigest(hasher, previous)}`;
  const before = minerSignature(previous);
  const isKeys = kid === undefined || before === kid || isHandedOver(report, previous, before);
  if (follows && isKeys) {
    sayOverlap(report, previous, findings);
    return;
  }
  findings.say("ENERGY_CHAIN", "prev", `It does not follow report ${previous.seq} as given.`);
}

/** Each of two reports of one time may hold; whoever adds them up counts a certificate twice. */
function sayOverlap(report: EnergyReport, previous: EnergyReport, findings: Findings): void {
  const { start, end } = previous.period;
  if (start >= report.period.end || end <= report.period.start) return;
  const what = `whether ${start} to ${end} is counted twice`;
  findings.skip(what, `report ${previous.seq} covers it too; add up one of both`);
}
