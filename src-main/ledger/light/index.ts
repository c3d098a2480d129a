/**
 * The face for those who hold no ledger, such as the page: what a receipt is and what it takes to
 * check one from the genesis document alone; and how records, outcomes, rows and feeds are checked
 * against one certified commit. Nothing here executes.
 */
export { advanceTrust, lightUpdateCodec, trustCheckpoint } from "./advance.ts";
export type { Checkpoint, LightUpdate } from "./advance.ts";
export { checkFeed, checkOutcome, checkRecord, checkRow, feedSize } from "./check-claims.ts";
export type { CheckedRecord, RowClaim, SlotClaim } from "./check-claims.ts";
export { TRUST_PERIOD_MS, trustedViewCodec, trustGenesis } from "./trusted-view.ts";
export type { LightNeeds, TrustedView } from "./trusted-view.ts";
export { stateProofCodec } from "../state/map-proof.ts";
export { ed25519Scheme } from "../certificate/certificate.ts";
export { genesisCodec, genesisHash } from "../genesis/genesis.ts";
export type { Genesis } from "../genesis/genesis.ts";
export type { Effect } from "../outcomes/effects.ts";
export { decodeStoredCommit } from "../records/stored-record.ts";
export { receiptCodec, verifyReceipt } from "../receipt/receipt.ts";
export type { Receipt, ReceiptFacts } from "../receipt/receipt.ts";
export { searchReceiptCodec, verifySearchReceipt } from "../receipt/search-receipt.ts";
export type { ProvedHit, SearchFacts, SearchReceipt } from "../receipt/search-receipt.ts";
export { readReceiptFile, receiptFileBytes } from "../receipt/receipt-file.ts";
export { decodeStored } from "../records/stored-record.ts";
export type { LedgerRecord, Payload, PayloadKind, PayloadOf } from "../records/payloads.ts";
export { recordOutcomeCodec } from "../outcomes/outcome.ts";
export type { RecordOutcome } from "../outcomes/outcome.ts";
export {
  ACCOUNTS,
  JOBS,
  KEYS,
  laneId,
  LANES,
  UNBONDINGS,
  UNITS,
  WORKERS,
} from "../state/tables.ts";
export type { Table } from "../state/tables.ts";
export { ANCHORS, ENCRYPTION_KEYS, FEEDS } from "../state/rows-published.ts";
export { CERTIFICATES, ENERGY_TIER_NUMBERS, UNIT_ENERGIES } from "../state/rows-energy.ts";
export { quantiseVector } from "../index/quantise.ts";
export { readSearchProof, searchProofCodec } from "../index/search-proof.ts";
export type { SearchProof } from "../index/search-proof.ts";
export { TEXT_EMBEDDING_DIMENSION, textEmbedding } from "../index/text-embedding.ts";
export type { PublicationKind, SearchHit, SearchRequest } from "../index/types.ts";
export { verifySearch } from "../index/verify-search.ts";
