/** The face of the blobs adapter. */
export { openBlobFiles } from "./blob-files.ts";
