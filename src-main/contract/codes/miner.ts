/** Codes of the miner room: why a unit does not go on, or a job was not submitted. */
export const MINER_CODES = {
  MINER_MESSAGE:
    "A message between the daemon and its worker or verifier is malformed; restart the daemon.",
  MINER_UNIT_FOLDER:
    "A unit's files cannot be read or written; free space or correct the folder's permissions.",
  MINER_WORK_DAMAGED:
    "A unit's work.bin is damaged, so its seal cannot be opened and the unit is not paid; the " +
    "ledger and all earlier pay are safe. Check the disk, then submit the job again.",
  MINER_VERDICT_DAMAGED:
    "A unit's verdict.bin is damaged, so its verdict cannot be opened and the unit is not paid; " +
    "the ledger and all earlier pay are safe. Check the disk, then submit the job again.",
  MINER_NOT_EXACT:
    "This device computed another result than the reference; it cannot earn here, use another.",
  MINER_CHILD_FAULT: "A worker or verifier process failed; see the daemon's log for its words.",
  MINER_WORKER_CRASHED:
    "The worker process ended again and again without progress; see the daemon's log.",
  MINER_VERIFIER_CRASHED:
    "The verifier process ended again and again without progress; see the daemon's log.",
  MINER_START_MISSING:
    "The state that the job begins with is not on this machine; submit the job from here again.",
  MINER_DATASET_MISSING: "The job's data set is not on this machine; fetch or pack it first.",
  MINER_SUBMIT: "The ledger kept refusing a unit's record; see the code beside this one.",
  MINER_JOB: "The job is not sound; correct the model or the numbers named in the message.",
  MINER_ENERGY_TIER:
    "The job demands a better meter than this machine has, so it is not begun here; add one, see " +
    "`vivian energy meters`.",
  MINER_ENERGY_UNKNOWN:
    "The job demands to know what its unit cost and nothing counted it; switch `energy.count` on.",
} as const;
