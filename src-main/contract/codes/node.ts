/** Codes of the node room: why a record was not taken, or the ledger not read. */
export const NODE_CODES = {
  NODE_STOPPED: "The node is stopping or stopped; start the daemon and submit again.",
  NODE_MEMPOOL_FULL: "Too many records wait to be sealed; submit again in a few seconds.",
  NODE_ACCOUNT_FULL: "Too many records of this account wait; submit again when some are sealed.",
  NODE_SLOT: "There is no such slot yet; ask for one below the ledger's size.",
  NODE_PRUNED:
    "This folder no longer holds what is that old; ask a node that keeps everything, or look " +
    "into an export.",
  NODE_STATE_EARLY: "The state after that commit has no proof yet; ask again one commit later.",
  NODE_COMMIT: "There is no such commit yet; ask for one that is sealed.",
  NODE_SIZE: "The ledger never had that size, or not yet; ask for one from 1 to its size.",
  NODE_PRUNE_FLOOR:
    "Nothing can be pruned there; name a slot above the floor and below the newest commit.",
  NODE_RESTORE:
    "The folder holds a ledger already; move it away first, or name another VIVIAN_HOME.",
  NODE_REPAIR_GAP:
    "A slot is damaged and no snapshot reaches beyond it; name a newer one with --from, or " +
    "restore a backup.",
  NODE_REPAIR_OLDER:
    "The validator signed later commits than could be read; name a newer snapshot with " +
    "--from, or restore a backup.",
  NODE_GENESIS: "The folder belongs to another network; use that network's own folder.",
  NODE_GENESIS_RULE: "The genesis document breaks a rule; correct the field that is named.",
  NODE_KEY: "The sealing keys are not those of the network's only validator; use its keys.",
  NODE_SIGN_GUARD:
    "The validator's own log contradicts this ledger; put back the ledger it was written with.",
  NODE_VERIFY_RECORD:
    "A stored record is malformed or badly signed; stop, then run `vivian ledger repair`.",
  NODE_VERIFY_COMMIT:
    "A stored commit breaks a rule when executed again; stop, then run `vivian ledger repair`.",
  NODE_VERIFY_OUTCOME:
    "A stored outcome differs from executing again; stop, then run `vivian ledger repair`.",
  NODE_VERIFY_CERTIFICATE:
    "A stored certificate does not prove its commit; stop, then run `vivian ledger repair`.",
  NODE_VERIFY_STATE:
    "The stored state differs from executing again; stop, then run `vivian ledger repair`.",
  NODE_VERIFY_SNAPSHOT:
    "The snapshot that a pruned ledger starts from is missing or not sound; restore a backup.",
  NODE_VERIFY_TILE: "A tile differs from the records; delete the file, it is derived again.",
  NODE_VERIFY_INDEX: "A local index differs from the log; it is derived again at the next start.",
} as const;
