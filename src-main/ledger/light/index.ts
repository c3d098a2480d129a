/**
 * The face for those who hold no ledger, such as the page: what a receipt is, and what it takes to
 * check one from the genesis document alone. Nothing here reaches into state or execution.
 */
export { ed25519Scheme } from "../certificate/certificate.ts";
export { genesisCodec, genesisHash } from "../genesis/genesis.ts";
export type { Genesis } from "../genesis/genesis.ts";
export type { Effect } from "../outcomes/effects.ts";
export { decodeStoredCommit } from "../records/stored-record.ts";
export { receiptCodec, verifyReceipt } from "../receipt/receipt.ts";
export type { Receipt, ReceiptFacts } from "../receipt/receipt.ts";
