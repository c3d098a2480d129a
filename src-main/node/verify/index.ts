/** The face of checking a ledger. */
export type { VerifyProgress, VerifyReport } from "./report.ts";
export { verifyLedger } from "./verify-ledger.ts";
export type { VerifyNeeds } from "./verify-ledger.ts";
