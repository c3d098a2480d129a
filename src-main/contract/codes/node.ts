/** Codes of the node room: why a record was not taken, or the ledger not read. */
export const NODE_CODES = {
  NODE_STOPPED: "The node is stopping or stopped; start the daemon and submit again.",
  NODE_MEMPOOL_FULL: "Too many records wait to be sealed; submit again in a few seconds.",
  NODE_ACCOUNT_FULL: "Too many records of this account wait; submit again when some are sealed.",
  NODE_SLOT: "There is no such slot yet; ask for one below the ledger's size.",
  NODE_GENESIS: "The folder belongs to another network; use that network's own folder.",
  NODE_GENESIS_RULE: "The genesis document breaks a rule; correct the field that is named.",
  NODE_KEY: "The sealing keys are not those of the network's only validator; use its keys.",
  NODE_SIGN_GUARD:
    "The validator's own log contradicts this ledger; put back the ledger it was written with.",
  NODE_VERIFY_RECORD: "A stored record is malformed or badly signed; restore a backup.",
  NODE_VERIFY_COMMIT: "A stored commit breaks a rule when executed again; restore a backup.",
  NODE_VERIFY_OUTCOME: "A stored outcome differs from executing again; restore a backup.",
  NODE_VERIFY_CERTIFICATE: "A stored certificate does not prove its commit; restore a backup.",
  NODE_VERIFY_STATE: "The stored state differs from executing again; restore a backup.",
  NODE_VERIFY_TILE: "A tile differs from the records; delete the file, it is derived again.",
  NODE_VERIFY_INDEX: "A local index differs from the log; it is derived again at the next start.",
} as const;
