/** Codes of the ledger room: why a record, commit, certificate or receipt was refused. */
export const LEDGER_CODES = {
  LEDGER_RECORD_SIZE:
    "The record is empty or above 65,535 bytes; move large data into a blob and name its digest.",
  LEDGER_SIGNATURE: "The signature is not one anybody could have made; sign the record again.",
  LEDGER_SIGNER: "The record was signed by another key than its account's; sign with that key.",
  LEDGER_NONCE_USED:
    "This lane has used that nonce already, so the record may be in; look for it, else use the " +
    "next nonce.",
  LEDGER_NONCE_GAP: "A nonce before this one is missing in its lane; send that record first.",
  LEDGER_EXPIRED: "The record was valid until an earlier time; sign it again with a later one.",
  LEDGER_FEE_LOW: "The maximum fee is below what the record costs; raise it and sign again.",
  LEDGER_FEE_UNCOVERED: "The account holds less than the maximum fee; add VIV to it first.",
  LEDGER_BALANCE_SHORT: "The account holds less than the record moves; lower it or add VIV.",
  LEDGER_PUBLICATION_NAME: "A publication needs a name; give it one.",
  LEDGER_PUBLICATION_UNKNOWN:
    "Nothing that stands was published in that slot; check the slot, or leave it as it is.",
  LEDGER_PUBLICATION_OTHERS: "Another account published that; only its publisher can take it back.",
  LEDGER_EMBEDDING_ABSENT: "A publication in a collection needs an embedding; give it one.",
  LEDGER_EMBEDDING_ALONE: "The embedding belongs to no collection; name one or leave it away.",
  LEDGER_EMBEDDING_SIZE:
    "The embedding has another dimension than its collection; make one of that dimension.",
  LEDGER_ANCHOR_ROWS: "The root covers no rows or too many; anchor the rows of one day.",
  LEDGER_ANCHOR_EARLY: "That day is not over in commit time; anchor it when it is.",
  LEDGER_ANCHOR_DAY: "That day or a later one is anchored already; the first root counts.",
  LEDGER_ENCRYPTION_KEY:
    "The encryption key is not one to seal to: it has another form, or anybody could open what " +
    "is sealed to it; publish the X25519 key of your wallet.",
  LEDGER_SUBJECT_UNKNOWN: "Nothing was sealed under that subject yet; seal something first.",
  LEDGER_SUBJECT_OTHERS: "The subject belongs to another account; use a subject of your own.",
  LEDGER_KEY_EPOCH:
    "The subject is under another key epoch now; encrypt with the key of that epoch and send it " +
    "again.",
  LEDGER_KEY_EPOCHS: "The subject has used all its key epochs; go on under another subject.",
  LEDGER_RECIPIENT_KEY:
    "That account has no encryption key on the ledger; ask its owner to publish one.",
  LEDGER_GRANT_EMPTY: "The grant carries no wrapped key; wrap the subject's key to the reader.",
  LEDGER_GRANT_UNKNOWN: "That account has no grant for the subject; there is nothing to revoke.",
  LEDGER_DEPOSIT_SHORT:
    "The account holds less than the deposit for what it keeps in the state; add VIV to it first.",
  LEDGER_SPECIFICATION: "The job specification does not read or breaks a rule; correct it.",
  LEDGER_AGENDA_FULL: "As many jobs are open as the ledger takes; submit again when some end.",
  LEDGER_ESCROW_SHORT: "The escrow is below the price of the job; put at least the price in.",
  LEDGER_LISTING_UNKNOWN: "No sponsored listing has this number; choose one of the network's.",
  LEDGER_LISTING_TEMPLATE:
    "The specification is not the listing's template; change nothing in it but its seed.",
  LEDGER_LISTING_SEED: "A sponsored job's seed is completed by a beacon; use seed rule 1.",
  LEDGER_LISTING_ESCROW: "A sponsored job has no escrow; set it to zero.",
  LEDGER_LISTING_CAP: "The listing has minted or promised its whole cap; choose another job.",
  LEDGER_UNIT_UNKNOWN: "No work unit has this name; check the name and the network it belongs to.",
  LEDGER_UNIT_SENDER:
    "The unit waits for this message from another account; let that account send it.",
  LEDGER_UNIT_PHASE: "The unit does not wait for this message now; look at its phase.",
  LEDGER_UNIT_LATE:
    "The deadline for this message has passed, so the unit is void or will be; submit the job " +
    "again.",
  LEDGER_SEAL_TWICE: "The unit is sealed already; the first seal counts, reveal what it binds.",
  LEDGER_VERDICT_TWICE:
    "The verifier has committed to a verdict already; the first one counts, open that one.",
  LEDGER_REVEAL_EARLY: "A reveal belongs into a later commit than its seal; send it again.",
  LEDGER_SEAL_MISMATCH: "The reveal does not open the seal; reveal what was sealed.",
  LEDGER_SEGMENT_COUNT:
    "The reveal states another number of segments than the specification; state that one.",
  LEDGER_START_ROOT:
    "The unit starts from another state than the specification fixes; start from that one.",
  LEDGER_VRF:
    "The VRF proof is not the assigned verifier's over this unit and reveal; prove with its key.",
  LEDGER_VERDICT_FORM: "A verdict is empty or one of the codes a replay can end in; open again.",
  LEDGER_COMMITMENT_MISMATCH:
    "The opened verdict is not what the verifier committed to; open what was committed.",
  LEDGER_INNER_MISMATCH:
    "Worker and verifier found different inner digests, so the unit is disputed and nobody is " +
    "paid; run `vivian bench` on both machines.",
  LEDGER_SEAL_MISSED:
    "The worker did not seal the unit in time, so the price went back; submit the job again.",
  LEDGER_REVEAL_MISSED:
    "The worker did not reveal the unit in time, so the price went back and the worker's bond is " +
    "held; submit the job again.",
  LEDGER_VERDICT_MISSED:
    "The verifier did not commit in time, so the price went back and the verifier's bond is " +
    "held; submit the job again.",
  LEDGER_OPENING_MISSED:
    "The worker did not open in time, so the price went back and the worker's bond is held; " +
    "submit the job again.",
  LEDGER_VERDICT_OPEN_MISSED:
    "The verifier did not open in time, so the price went back and the verifier's bond is held; " +
    "submit the job again.",
  LEDGER_NO_WORKER:
    "No worker and verifier with enough free bond was found in time, so the price went back; " +
    "submit again later.",
  LEDGER_COMMIT_MISPLACED:
    "A commit record stands first in its commit and nowhere else; drop whoever sent this.",
  LEDGER_COMMIT_NETWORK:
    "The commit belongs to another network; take commits of this network only.",
  LEDGER_COMMIT_NUMBER: "The commit does not follow the newest one; fetch those between.",
  LEDGER_COMMIT_EPOCH:
    "The commit names another epoch than its parent's time gives; drop whoever sent it.",
  LEDGER_COMMIT_VIEW:
    "The commit's view is not after its parent's, or names another parent; fetch its parent first.",
  LEDGER_COMMIT_SLOT: "The commit does not begin where the vector ends; fetch the commits between.",
  LEDGER_COMMIT_TIME:
    "The commit's time is too close to its parent's or before it; drop whoever sent it.",
  LEDGER_COMMIT_RULES: "The commit was made by other rules; update this program.",
  LEDGER_COMMIT_ROOTS:
    "The commit names other roots than executing its parent gave; run `vivian ledger verify`.",
  LEDGER_COMMIT_PROPOSER:
    "The commit's proposer is not a validator or not that account; drop whoever sent it.",
  LEDGER_COMMIT_COUNT:
    "The commit does not hold as many records as it says, or too many; fetch it again.",
  LEDGER_COMMIT_SIGNATURE:
    "The commit record was not signed by its proposer; drop whoever sent it.",
  LEDGER_COMMIT_VRF:
    "The commit's VRF proof is not its proposer's over this view; drop whoever sent it.",
  LEDGER_CERTIFICATE_NETWORK:
    "The certificate belongs to another network; ask one of this network for it.",
  LEDGER_CERTIFICATE_FORM:
    "The certificate's bitmap or scheme does not fit the validator set; ask another node for it.",
  LEDGER_CERTIFICATE_QUORUM:
    "The votes of the certificate are no quorum; ask another node for a whole one.",
  LEDGER_CERTIFICATE_SIGNATURE:
    "A vote of the certificate is not its validator's; ask another node for it.",
  LEDGER_RECEIPT_STATEMENT:
    "The receipt's certificate does not finalize a commit; ask for the receipt again.",
  LEDGER_RECEIPT_COMMIT:
    "The receipt's commit record is not the one its certificate signs; ask for it again.",
  LEDGER_RECEIPT_EARLY:
    "The receipt's commit does not name the outcome of the slot yet; ask again one commit later.",
  LEDGER_RECEIPT_RECORD:
    "The receipt's record does not stand in that slot; ask for the receipt again.",
  LEDGER_RECEIPT_STATE:
    "The receipt's row is not in the state its commit record names; ask for it again.",
  LEDGER_RECEIPT_OUTCOME:
    "The receipt's outcome is not the one of that slot; ask for the receipt again.",
  LEDGER_HEAD_FORMAT:
    "Another version of this program kept the folder's ledger; begin a new folder beside it.",
  LEDGER_SEARCH_REQUEST:
    "The search asks outside its limits (1 to 100 hits, 1 to 64 lists, 16 tags); correct it.",
  LEDGER_SEARCH_DIMENSION:
    "The query has another number of dimensions than the collection; embed it the same way.",
  LEDGER_SEARCH_LARGE: "The lists read are too large for one proof; ask for fewer lists.",
  LEDGER_SEARCH_PROOF_SIZE: "The proof is above 32 MiB; ask for fewer lists.",
  LEDGER_SEARCH_ROW:
    "The proof does not show the collection in the index with this root; ask another node.",
  LEDGER_SEARCH_CENTROIDS:
    "The proof holds another table of centroids than the collection's; ask another node.",
  LEDGER_SEARCH_LISTS:
    "The proof holds other list roots than the collection's, or older ones; ask another node.",
  LEDGER_SEARCH_PROBES:
    "The proof does not hold the lists nearest to the query, in order; ask another node.",
  LEDGER_SEARCH_ENTRY_FORM: "An entry in the proof does not read; ask another node.",
  LEDGER_SEARCH_ENTRY_ORDER: "Entries in the proof are out of order; ask another node.",
  LEDGER_SEARCH_ENTRY_MISSING: "The proof leaves an entry of a list out; ask another node.",
  LEDGER_SEARCH_ENTRY_ADDED: "The proof adds an entry to a list; ask another node.",
  LEDGER_SEARCH_ENTRY_ALTERED: "The proof alters an entry of a list; ask another node.",
  LEDGER_SEARCH_TOMBSTONE:
    "The proof hides or invents a retraction, so what is gone would count; ask another node.",
  LEDGER_TEXT_SIZE: "The text is above 65,536 bytes; embed a shorter one.",
  LEDGER_VECTOR:
    "The vector has no finite numbers, more than 4,096, or no range; correct what gave it.",
  LEDGER_LIGHT_STALE:
    "What is trusted is older than 14 days, so its validators may have left; name a checkpoint " +
    "that you have from a source you trust.",
  LEDGER_LIGHT_BACK: "The commit is not newer than the trusted one; ask for a later one.",
  LEDGER_LIGHT_EPOCH:
    "The commit is more than one epoch ahead; ask for the last commit of the epoch between.",
  LEDGER_LIGHT_VALIDATORS:
    "The validators of that epoch are not proved by the trusted state; ask another node.",
  LEDGER_LIGHT_COMMIT: "The commit record is not the certified one; ask another node.",
  LEDGER_LIGHT_FORK:
    "The certified vector does not begin with the trusted one, so a quorum signed two histories; " +
    "keep both as evidence and trust neither.",
  LEDGER_LIGHT_FUTURE: "The commit is from the future; set this machine's clock.",
  LEDGER_LIGHT_CHECKPOINT: "The commit is not the named checkpoint; ask another node for that one.",
  LEDGER_LIGHT_SLOT: "The slot lies beyond the trusted commit; move on to a newer one first.",
  LEDGER_LIGHT_STATE: "The row is not proved by the trusted state; ask another node.",
  LEDGER_LIGHT_FEED: "These are not all slots of the account; ask another node.",
} as const;
