/** The face of the node room. */
export { LedgerSearch, PROBES_DEFAULT } from "./search/index.ts";
export type {
  AnsweredFrom,
  LedgerSearchNeeds,
  LedgerSearchOptions,
  ProvedSearch,
  SearchAnswer,
} from "./search/index.ts";
export { ConcentrationReader } from "./concentration/concentration-reader.ts";
export type {
  Concentration,
  ConcentrationNeeds,
  PaidWork,
} from "./concentration/concentration-reader.ts";
export type { HistoryEntry } from "./history/history-entry.ts";
export { createNode } from "./ledger-node.ts";
export { LIST_MAX } from "./limits.ts";
export { pruneStopped } from "./prune-ledger.ts";
export { repairLedger } from "./repair-ledger.ts";
export type { LedgerRemains, Repaired, RepairNeeds } from "./repair-ledger.ts";
export { makeSnapshot, readSnapshot, restoreSnapshot } from "./snapshot.ts";
export type { Restored } from "./snapshot.ts";
export type {
  AccountView,
  CommitClaim,
  CommitNews,
  JobView,
  LedgerLists,
  LightServer,
  MadeSnapshot,
  Node,
  NodeNeeds,
  NodeOptions,
  OutcomeProof,
  Pruned,
  SealedRecord,
  SealingKeys,
  SizeProof,
  SlotClaims,
  SlotProof,
  StateReader,
  UnitView,
} from "./types.ts";
export { verifyLedger } from "./verify/index.ts";
export type { VerifyNeeds, VerifyProgress, VerifyReport } from "./verify/index.ts";
export { exportLedger } from "./export/export-ledger.ts";
export type { Exported, ExportNeeds, ExportProgress } from "./export/export-ledger.ts";
export { verifyExport } from "./export/verify-export.ts";
export type { VerifiedExport, VerifyExportNeeds } from "./export/verify-export.ts";
