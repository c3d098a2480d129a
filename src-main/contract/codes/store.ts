/** Codes of the stores on this machine: why the disk did not keep or give back what it should. */
export const STORE_CODES = {
  STORE_LOCKED:
    "Another daemon uses this folder; stop it with `vivian stop`, or name another VIVIAN_HOME.",
  STORE_DISK_FULL: "The disk is full, so work stopped; free space, then start again.",
  STORE_READ_ONLY:
    "The folder cannot be written; give this account the right to write, then start again.",
  STORE_FAILED:
    "The disk refused a read or write; check the disk and its messages, then start again.",
  STORE_DAMAGED:
    "Stored bytes are not what was written, from the named slot or file on; stop the daemon and " +
    "make the ledger anew with `vivian ledger repair`.",
  STORE_VERSION:
    "The folder was written by another version of this program; update, or name another " +
    "VIVIAN_HOME to begin beside it.",
  STORE_PRUNED:
    "What was asked for is older than this folder keeps; ask for something newer, or a node that " +
    "keeps everything.",
  STORE_LOCK_FAILED:
    "The folder cannot be locked on this file system; put VIVIAN_HOME on a local disk.",
} as const;
