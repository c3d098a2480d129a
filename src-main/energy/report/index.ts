/** The face of reports: made, signed, chained, checked. */

export { canonicalBytes, canonicalText, reportDigest } from "./canonical.ts";
export type { UnsignedReport } from "./canonical.ts";
export { checkReport, checkText, readReport } from "./check-report.ts";
export type { CheckNeeds } from "./check-report.ts";
export { neededSlots } from "./check-ledger.ts";
export type { LedgerFact, LedgerFacts } from "./check-ledger.ts";
export { dayLeaves, dayRoot, daySecret, keyPath, reportTier } from "./day-tree.ts";
export type { DayLeaves, TreeRow } from "./day-tree.ts";
export { signChange } from "./key-change.ts";
export { MILLIJOULES_PER_WH } from "./limits.ts";
export { chosenLoad, makeReport, OWNER_RESIDUAL } from "./make-report.ts";
export type { PlannedSource, ReportPlan, SignalDataset } from "./make-report.ts";
export { certificatesOf, instrumentsOfTime, UNKNOWN_STORE } from "./report-intervals.ts";
export type { StoreBegin } from "./report-intervals.ts";
export { dayText, instantText, momentText, readDay, readInstant } from "./report-time.ts";
export { keyStatement, minerSignature, reportKey, signReport } from "./sign-report.ts";
export type { ReportKey } from "./sign-report.ts";
export { totalsOf } from "./totals.ts";
