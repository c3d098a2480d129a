/** Codes of the blob folder: why bytes known by their hash are not given. */
export const BLOB_CODES = {
  BLOB_DAMAGED:
    "A blob's file does not have the hash in its name; delete the file and fetch it again.",
  BLOB_SIZE: "The bytes are larger than a blob may be; split them before storing.",
  BLOB_DISK_FULL: "The disk is full and the blob was not kept; free space, then try again.",
  BLOB_FAILED: "A blob's file cannot be read or written; check the disk and its permissions.",
} as const;
