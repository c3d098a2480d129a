/** Codes of the learning room: why a worker's proof, or a verifier's part in it, is refused. */
export const LEARNING_CODES = {
  LEARNING_START_ROOT:
    "The start root is not what program and seed give, so the unit is void; submit the job again.",
  LEARNING_CHAIN:
    "The published list does not fold to the sealed chain head, so the unit is void; submit the " +
    "job again.",
  LEARNING_LIST:
    "The published list is malformed or of the wrong length; publish the list that was sealed.",
  LEARNING_STATE_MISMATCH:
    "Replaying a segment gave another state root, so the worker computed something else; submit " +
    "the job again.",
  LEARNING_STEPS_MISSING:
    "A published state is one from before its segment's last step, so steps are missing; submit " +
    "the job again.",
  LEARNING_OTHER_PROGRAM:
    "No replayed segment gave its published state, so another program or other data was run; " +
    "submit the job again.",
  LEARNING_BATCH_MISMATCH:
    "A segment's batch digest is not that of the seeded batches, so other data was used; submit " +
    "the job again.",
  LEARNING_WITHHELD:
    "The worker did not hand out a state it committed to, so the unit is not accepted; submit " +
    "the job again.",
  LEARNING_LIST_WITHHELD:
    "The worker did not hand out the list its reveal names, so the unit is not accepted; submit " +
    "the job again.",
  LEARNING_CHECKPOINT:
    "The state the worker handed out is not the one it published, so the unit is not accepted; " +
    "submit the job again.",
  LEARNING_OPENING_SEGMENTS:
    "The openings are not exactly the drawn segments; open those segments, ascending.",
  LEARNING_OPENING_PROOF:
    "An opened inner digest is not in the sealed list; open the digests that were sealed.",
  LEARNING_START:
    "The state that the job begins with is not here, or not whole; submit the job again with it.",
  LEARNING_DATASET: "The blob is not a data set; fetch it again by its SHA-256.",
  LEARNING_DATASET_ROOT:
    "The data set is not the one the job names; fetch the blob that has the job's root.",
  LEARNING_PROFILE:
    "The job names another numeric profile than this version's; update the program.",
  LEARNING_PROGRAM:
    "The model does not compile to the program hash of the job; correct the specification.",
} as const;
