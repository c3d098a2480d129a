/** The face of the ledger room: records, state, execution, certificates and receipts. */
export { decodeStored, decodeStoredCommit } from "./records/stored-record.ts";
export { commitDigest, recordId } from "./records/stored-record.ts";
export {
  readRecord,
  recoverRecord,
  signedBy,
  signRecord,
  storedBytes,
  storedCommit,
} from "./records/stored-record.ts";
export type {
  SignDigest,
  ReadRecord,
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
  statedRuleVersion,
} from "./genesis/genesis.ts";
export type {
  Genesis,
  GenesisAccount,
  GenesisConstants,
  GenesisListing,
  Validator,
} from "./genesis/genesis.ts";
export { headCodec, readHead } from "./execute/head.ts";
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
  FEES,
  JOBS,
  KEYS,
  laneId,
  LANES,
  listingId,
  LISTINGS,
  OFFENCES,
  PARAMETERS,
  readRow,
  SINGLE,
  TOTALS,
  UNBONDINGS,
  UNITS,
  VALIDATORS,
  WORKERS,
} from "./state/tables.ts";
export type { Table } from "./state/tables.ts";
export {
  ANCHORS,
  COLLECTIONS,
  ENCRYPTION_KEYS,
  FEEDS,
  GRANTS,
  publicationId,
  PUBLICATIONS,
  SUBJECTS,
} from "./state/rows-published.ts";
export type { AnchorRow, PublicationRow, SubjectRow } from "./state/rows-published.ts";
export {
  certificateDigest,
  certificateName,
  isCertificateName,
  CERTIFICATES,
  ENERGY_TIER_NUMBERS,
  UNIT_ENERGIES,
} from "./state/rows-energy.ts";
export type { CertificateRow, UnitEnergyRow } from "./state/rows-energy.ts";
export { collectionId } from "./state/apply-publish.ts";
export { grantId } from "./state/apply-grant.ts";
export { concernedBy, feedFrontier, feedLeaf } from "./state/feeds.ts";
export { chargeDeposit, depositCodec, NO_DEPOSIT, releaseDeposit } from "./state/deposits.ts";
export type { Deposit } from "./state/deposits.ts";
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
export { checkEvidence } from "./certificate/evidence.ts";
export type { Evidence, EvidenceContext, VotePair } from "./certificate/evidence.ts";
export {
  statementCodec,
  statementMessage,
  statementOf,
  statementsEqual,
} from "./certificate/statement.ts";
export type { Statement } from "./certificate/statement.ts";
export { receiptCodec } from "./receipt/receipt.ts";
export type { Receipt } from "./receipt/receipt.ts";
export { readReceiptFile, receiptFileBytes } from "./receipt/receipt-file.ts";
export type { ReceiptFile } from "./receipt/receipt-file.ts";
export { buildReceipt, commitCovers, verifyReceipt } from "./receipt/receipt.ts";
export type { ReceiptContext, ReceiptFacts, ReceiptParts } from "./receipt/receipt.ts";
export { executeCommit, nextDue } from "./execute/execute-commit.ts";
export {
  checkCommitRecord,
  commitRecordAfter,
  epochAfter,
  leastCommitTime,
} from "./execute/commit-record.ts";
export type { CommitProposal } from "./execute/commit-record.ts";
export { beaconAlpha, beaconOf } from "./execute/beacon.ts";
export { genesisState } from "./genesis/genesis-state.ts";
export type { GenesisState } from "./genesis/genesis-state.ts";
export { PRACTICE_CONSTANTS, practiceGenesis, VIV } from "./genesis/practice.ts";
export type { PracticeFounders } from "./genesis/practice.ts";
export { admit, laneDeposit, nextNonce, signerFor } from "./state/admit.ts";
export type { AdmissionContext } from "./state/admit.ts";
export {
  inclusionFee,
  isReserved,
  MULTIPLIER_ONE,
  pricesAt,
  pricesOf,
  stateFee,
} from "./state/fees.ts";
export type { FeePrices } from "./state/fees.ts";
export { quoteFee } from "./state/quote-fee.ts";
export type { FeeQuote } from "./state/quote-fee.ts";
export { checkParameterChange } from "./state/apply-parameter-change.ts";
export type { ParameterChange } from "./state/apply-parameter-change.ts";
export { parametersIn, parametersOf } from "./state/parameters.ts";
export type { ParameterContext, Parameters } from "./state/parameters.ts";
export { PARAMETER_NAMES, parameterRange } from "./state/parameter-ranges.ts";
export { CommitRoom } from "./execute/run-records.ts";
export {
  EMPTY_STATE_ROOT,
  hashPairsWith,
  stateLeafHash,
  stateMapRoot,
  stateViewOver,
  updateStateMap,
} from "./state/map.ts";
export type { StateMapNeeds, StateMapUpdate } from "./state/map.ts";
export { stateProof, stateProofCodec, verifyStateProof } from "./state/map-proof.ts";
export type { StateProof } from "./state/map-proof.ts";
export { specificationOf } from "./state/unit-message.ts";
export { grownTiles, TILE_HEIGHT, TILE_WIDTH, tileOfSubtree, tilePath } from "./vector/tiles.ts";
export type { Tile, TileHash } from "./vector/tiles.ts";
export { bundlePath } from "./vector/tiles.ts";
export { decodeBundle, encodeBundle } from "./vector/entry-bundle.ts";
export {
  checkpointOrigin,
  checkpointsEqual,
  checkpointText,
  readCheckpoint,
} from "./vector/checkpoint.ts";
export type { Checkpoint } from "./vector/checkpoint.ts";
export { decodeSnapshot, encodeSnapshot, SNAPSHOT_VERSION } from "./snapshot/snapshot.ts";
export type { Snapshot } from "./snapshot/snapshot.ts";
export { checkSnapshot } from "./snapshot/check-snapshot.ts";
export type { CheckedSnapshot, SnapshotContext } from "./snapshot/check-snapshot.ts";
export { edgePlaces, frontierOfEdges } from "./snapshot/edges.ts";
export type { EdgeTile } from "./snapshot/edges.ts";
export { stateReceiptCodec, verifyStateReceipt } from "./receipt/state-receipt.ts";
export type { StateFacts, StateReceipt } from "./receipt/state-receipt.ts";
export { searchReceiptCodec, verifySearchReceipt } from "./receipt/search-receipt.ts";
export type { ProvedHit, SearchFacts, SearchReceipt } from "./receipt/search-receipt.ts";
export { subtreesOfTiles, vectorConsistencyProof, vectorInclusionProof } from "./vector/proofs.ts";
export type { ReadTileHash } from "./vector/proofs.ts";
export { stateKey } from "./state/state-view.ts";
export {
  ANCHOR_ROWS_MAX,
  COMMIT_RECORDS_MAX,
  EMBEDDING_BYTES_MAX,
  STORED_RECORD_BYTES_MAX,
  VOTE_BYTES_MAX,
} from "./limits.ts";
export {
  applyIndexChanges,
  BuildMemo,
  buildSteps,
  checkRequest,
  collectionKey,
  collectionOf,
  committedSearch,
  indexChangesOf,
  indexRootOf,
  liveEntries,
  quantiseVector,
  rankHits,
  readSearchProof,
  readWaiting,
  SEARCH_HITS_MAX,
  SEARCH_PROBES_MAX,
  searchProof,
  searchProofCodec,
  squaredDistance,
  TEXT_EMBEDDING_DIMENSION,
  textEmbedding,
  verifySearch,
  waitingInputs,
} from "./index/index.ts";
export type {
  Build,
  BuildInput,
  Collection,
  IndexChange,
  IndexEntry,
  IndexUpdate,
  IndexView,
  PublicationKind,
  SearchHit,
  SearchProof,
  SearchRequest,
} from "./index/index.ts";
