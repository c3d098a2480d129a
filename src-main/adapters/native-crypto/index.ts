/** The face of the native crypto adapter. */
export { chooseBlockTree, useTreeThreads } from "./block-tree.ts";
export type { BlockTreeBinding, BlockTreeHashing } from "./block-tree.ts";
export { chooseSignatures, nativeSignatures } from "./choose-signatures.ts";
export type {
  ChosenSignatures,
  PassedOver,
  SignatureBackendName,
  SignatureCandidate,
} from "./choose-signatures.ts";
export { chooseEd25519, nativeEd25519Verify, strictVerifyOver } from "./ed25519.ts";
export type { Ed25519Verify, LibraryVerify } from "./ed25519.ts";
export { chooseHashPairs, chooseMapHashing, hashPairsOneByOne } from "./hash-pairs.ts";
export type { BatchBinding, PairHashing } from "./hash-pairs.ts";
export { chooseKeccak, nativeKeccak256 } from "./keccak.ts";
export type { KeccakBinding } from "./keccak.ts";
export { loadCompiled, loadWasm, signaturesOver } from "./libsecp-signatures.ts";
export type { CurveLibrary } from "./libsecp-signatures.ts";
export { openSignerRecovery } from "./recovery-thread.ts";
export type { RecoveryThread, RecoveryThreadNeeds } from "./recovery-thread.ts";
export { chooseRecordTree } from "./record-tree.ts";
export type { RecordTreeBinding, RecordTreeHashing } from "./record-tree.ts";
export { nativeSha256 } from "./sha256.ts";
