/** Codes of snapshots: why a state in a file was not taken, or none was made. */
export const SNAPSHOT_CODES = {
  SNAPSHOT_DIGEST: "The snapshot was cut off or changed on its way; fetch the file again.",
  SNAPSHOT_FILE: "The file cannot be read; check its path and rights, then run it again.",
  SNAPSHOT_FORM: "The file is no snapshot of this version; make one with `vivian ledger snapshot`.",
  SNAPSHOT_NETWORK:
    "The snapshot belongs to another network; take one of this network, or name its genesis hash.",
  SNAPSHOT_COMMIT:
    "The snapshot's commits do not follow each other or are not certified; take another one.",
  SNAPSHOT_EDGE: "The snapshot's right edges do not give the certified roots; take another one.",
  SNAPSHOT_STATE:
    "The snapshot's rows do not give the state root its commit names; take another one.",
  SNAPSHOT_INDEX: "The snapshot's index does not give the root its commit names; take another one.",
  SNAPSHOT_EARLY:
    "The ledger has no commit yet that names an earlier state; seal two records, then try again.",
} as const;
