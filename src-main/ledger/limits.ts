/** Decides the maxima of the room; each bounds what a peer can make us hold or compute. */

/** One entry of the vector: C2SP entry bundles carry u16 lengths, so a record stays below 2^16. */
export const STORED_RECORD_BYTES_MAX = 65_535;

/** secp256k1 r‖s‖v of an account, or Ed25519 and a zero byte of a proposer. */
export const SIGNATURE_BYTES = 65;

/** A rejection code or a verdict: permanent names, the longest so far has 31 characters. */
export const CODE_BYTES_MAX = 64;

/** Records of one commit beside its commit record; execution stays well below a second. */
export const COMMIT_RECORDS_MAX = 4_096;

/** Entries that may be due later, over both queues; a job is refused when there is no room. */
export const AGENDA_ENTRIES_MAX = 4_096;

/** Due entries one commit handles; the rest waits for the next commit, in order. */
export const AGENDA_PER_COMMIT_MAX = 256;

/** Effects of one outcome: at most four for each due entry, and the payments of one commit. */
export const EFFECTS_MAX = 16_384;

/** Accounts a genesis may bond as worker or verifier; a draw weighs all of them. */
export const BONDED_MAX = 1_024;

/** Validators of one set; bitmap, votes and messages are sized for 150. */
export const VALIDATORS_MAX = 256;

/** Accounts and listings a genesis document may carry. */
export const GENESIS_ACCOUNTS_MAX = 4_096;
export const GENESIS_LISTINGS_MAX = 256;

/** Names in a genesis document. */
export const NAME_BYTES_MAX = 64;

/** Depth of a path in the state map: one bit of a key for each level. */
export const STATE_DEPTH_MAX = 256;

/** Hashes of an inclusion proof: a vector never has more than 2^64 slots. */
export const VECTOR_PROOF_MAX = 64;

/** Bytes of an outcome inside a receipt: 16,384 effects of at most 160 bytes. */
export const OUTCOME_BYTES_MAX = 4_194_304;
