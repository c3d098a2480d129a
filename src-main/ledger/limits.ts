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

/** Changes of parameters kept: for each of a few dozen, one in force and one to come. */
export const PARAMETER_CHANGES_MAX = 64;

/** Parts of one account's bond that may be on their way out at once. */
export const UNBONDINGS_MAX = 32;

/** Stored bytes of one commit beside its commit record: keeps a commit well below a second. */
export const COMMIT_BYTES_MAX = 4_194_304;

/** What records outside the reserved kinds may take of a commit: three quarters of each. */
export const OPEN_RECORDS_MAX = 3_072;
export const OPEN_BYTES_MAX = 3_145_728;

/** Names in a genesis document. */
export const NAME_BYTES_MAX = 64;

/** Depth of a path in the state map: one bit of a key for each level. */
export const STATE_DEPTH_MAX = 256;

/** Hashes of an inclusion proof: a vector never has more than 2^64 slots. */
export const VECTOR_PROOF_MAX = 64;

/** Bytes of an outcome inside a receipt: 16,384 effects of at most 160 bytes. */
export const OUTCOME_BYTES_MAX = 4_194_304;

/** Receivers of one multi-transfer: as many credits as a full commit has transfers, at most. */
export const TRANSFERS_MAX = 256;

/** Words beside a multi-transfer, and those of a memo of its own. */
export const TRANSFER_MEMO_BYTES_MAX = 512;
export const MEMO_BYTES_MAX = 1_024;

/** A vote: a statement of 161 bytes, an index and a signature; room for another scheme. */
export const VOTE_BYTES_MAX = 1_024;

/** What a publication says of itself. */
export const ABOUT_BYTES_MAX = 1_024;
export const TAG_BYTES_MAX = 32;
export const TAGS_MAX = 16;
export const COLLECTION_BYTES_MAX = 64;

/** One int8 for each dimension. */
export const EMBEDDING_BYTES_MAX = 4_096;

/** Sealed content beside its 16-byte tag; larger content is a blob, named by its digest. */
export const SEALED_BYTES_MAX = 32_768;

/** A sealed 32-byte key: ephemeral key, key and tag; room for another scheme. */
export const WRAPPED_KEY_BYTES_MAX = 256;

/** Right edge of a feed: its u64 size and at most 53 hashes, one for each bit of a tree's size. */
export const FEED_EDGE_BYTES_MAX = 1_704;

/** Rows of one day's energy report: a minute each for a hundred devices, with room. */
export const ANCHOR_ROWS_MAX = 1_000_000;

/** Key epochs of a subject: a u32, kept far from its end. */
export const KEY_EPOCHS_MAX = 1_000_000;

/** The row of validators in bytes: 256 of 92 bytes, and their count. */
export const VALIDATOR_ROW_BYTES_MAX = 23_556;
