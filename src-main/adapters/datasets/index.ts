/** The face of the data sets adapter: blobs on disk and the packed digits. */
export { readDatasetFile, writeDatasetFile } from "./dataset-file.ts";
export {
  DIGITS_BLOB_SHA256,
  DIGITS_DATASET_ROOT,
  DIGITS_SPLIT,
  packDigits,
  verifyDigits,
} from "./digits.ts";
