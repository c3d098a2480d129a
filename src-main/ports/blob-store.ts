/**
 * Decides how data too large for a record is kept: bytes under their SHA-256. What a name answers
 * can therefore never change, only be there or not.
 */

/** Largest blob held in memory at once; larger data sets are split before they come here. */
export const BLOB_BYTES_MAX = 1_073_741_824;

/** Bytes by their SHA-256. */
export interface BlobStore {
  /** Keeps the bytes durably and answers their 32-byte name; keeping them twice is harmless. */
  put(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * The bytes of that name, checked; undefined when they are not here.
   * Throws Fault BLOB_DAMAGED when the file does not hash to its name.
   */
  get(hash: Uint8Array): Promise<Uint8Array | undefined>;
  has(hash: Uint8Array): Promise<boolean>;
  /** Forgets the bytes; forgetting what is not here is harmless. */
  remove(hash: Uint8Array): Promise<void>;
  /** Where the file stands, for a process that reads it itself; the reader checks the hash. */
  path(hash: Uint8Array): string;
}
