/** The face of the node room. */
export type { HistoryEntry } from "./history/history-entry.ts";
export { createNode } from "./ledger-node.ts";
export { LIST_MAX } from "./limits.ts";
export type {
  AccountView,
  CommitNews,
  JobView,
  Node,
  NodeNeeds,
  NodeOptions,
  SealedRecord,
  SealingKeys,
  SlotProof,
  UnitView,
} from "./types.ts";
export { verifyLedger } from "./verify/index.ts";
export type { VerifyNeeds, VerifyProgress, VerifyReport } from "./verify/index.ts";
