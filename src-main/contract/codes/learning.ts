/** Codes of the learning room: why a worker's proof, or a verifier's part in it, is refused. */
export const LEARNING_CODES = {
  LEARNING_START_ROOT:
    "The start root is not what program and seed give; the unit is void, the worker's bond held.",
  LEARNING_CHAIN:
    "The published list does not fold to the sealed chain head; the worker published another list.",
  LEARNING_LIST: "The published list is malformed or of the wrong length; the worker must fix it.",
  LEARNING_STATE_MISMATCH:
    "Replaying a segment gave another state root; the worker computed something else there.",
  LEARNING_STEPS_MISSING:
    "A published state is one from before its segment's last step; the worker ran fewer steps.",
  LEARNING_OTHER_PROGRAM:
    "No replayed segment gave its published state; the worker ran another program or other data.",
  LEARNING_BATCH_MISMATCH:
    "A segment's batch digest is not that of the seeded batches; the worker used other data.",
  LEARNING_WITHHELD:
    "The worker did not hand out a state it committed to; the unit cannot be accepted.",
  LEARNING_LIST_WITHHELD:
    "The worker did not hand out the list its reveal names; the unit cannot be accepted.",
  LEARNING_CHECKPOINT:
    "The state the worker handed out is not the one it published; the unit cannot be accepted.",
  LEARNING_OPENING_SEGMENTS:
    "The openings are not exactly the drawn segments; open those segments, ascending.",
  LEARNING_OPENING_PROOF:
    "An opened inner digest is not in the sealed list; the worker's opening is refused.",
  LEARNING_START:
    "The job starts from a given state, which this version cannot fetch; update the program.",
  LEARNING_DATASET: "The blob is not a data set; fetch it again by its SHA-256.",
  LEARNING_DATASET_ROOT:
    "The data set is not the one the job names; fetch the blob that has the job's root.",
  LEARNING_PROFILE:
    "The job names another numeric profile than this version's; update the program.",
  LEARNING_PROGRAM:
    "The model does not compile to the program hash of the job; the specification is wrong.",
} as const;
