/** Codes of the data sets adapter: why a data set on this machine cannot be used. */
export const DATASET_CODES = {
  DATASET_SOURCE:
    "The files a data set is packed from are missing or incomplete; install dependencies again.",
  DATASET_DIGEST:
    "A data set does not have its known digest; delete the packed file and install again.",
  DATASET_FILE: "A data set blob cannot be read or written; check the disk and its permissions.",
} as const;
