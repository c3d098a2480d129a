/** The face of the ledger room: records, state, execution, certificates and receipts. */
export { decodeStored, decodeStoredCommit } from "./records/stored-record.ts";
export { commitDigest, recordId } from "./records/stored-record.ts";
export { recoverRecord, signRecord, storedBytes, storedCommit } from "./records/stored-record.ts";
export type {
  SignDigest,
  SignedRecord,
  StoredCommit,
  StoredRecord,
} from "./records/stored-record.ts";
export { payloadCodec, recordCodec } from "./records/payloads.ts";
export type {
  CommitRecord,
  LedgerRecord,
  Payload,
  PayloadKind,
  PayloadOf,
} from "./records/payloads.ts";
export { recordContext, recordDigest, typedRecord } from "./records/typed-digest.ts";
export type { RecordContext, TypedRecord } from "./records/typed-digest.ts";
export { effectCodec } from "./outcomes/effects.ts";
export type { Effect, SlotEffect } from "./outcomes/effects.ts";
export { recordOutcomeCodec } from "./outcomes/outcome.ts";
export type { RecordOutcome } from "./outcomes/outcome.ts";
export {
  brokenGenesisRule,
  genesisCodec,
  genesisHash,
  ROLE_VERIFIER,
  ROLE_WORKER,
  RULE_VERSION,
} from "./genesis/genesis.ts";
export type {
  Genesis,
  GenesisAccount,
  GenesisConstants,
  GenesisListing,
  Validator,
} from "./genesis/genesis.ts";
export { headCodec } from "./execute/head.ts";
export type { Head } from "./execute/head.ts";
export type {
  ExecutedCommit,
  ExecutedParent,
  ExecuteNeeds,
  NextDue,
  VerifyVrf,
} from "./execute/types.ts";
export type { HashPairs } from "./state/map-page.ts";
export { TABLES } from "./state/state-view.ts";
export type { ReadPage, StatePageChange, StateView, TableName } from "./state/state-view.ts";
export { StateOverlay } from "./state/overlay.ts";
export {
  ACCOUNTS,
  AGENDA,
  BONDED,
  JOBS,
  laneId,
  LANES,
  listingId,
  LISTINGS,
  readRow,
  SINGLE,
  TOTALS,
  UNITS,
  VALIDATORS,
  WORKERS,
} from "./state/tables.ts";
export type { Table } from "./state/tables.ts";
export type {
  AccountRow,
  JobRow,
  ListingRow,
  TotalsRow,
  UnitPhase,
  UnitRow,
  WorkerRow,
} from "./state/rows.ts";
export {
  certificateCodec,
  certificateOf,
  ed25519Scheme,
  quorumWeight,
  verifyCertificate,
  voteCodec,
} from "./certificate/certificate.ts";
export type {
  Certificate,
  CertificateContext,
  CertificateScheme,
  VerifyEd25519,
  Vote,
} from "./certificate/certificate.ts";
export {
  statementCodec,
  statementMessage,
  statementOf,
  statementsEqual,
} from "./certificate/statement.ts";
export type { Statement } from "./certificate/statement.ts";
export { receiptCodec } from "./receipt/receipt.ts";
export type { Receipt } from "./receipt/receipt.ts";
