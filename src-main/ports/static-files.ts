/**
 * Decides what checking and writing an exported ledger ask of the place where its files lie: a
 * folder, or a plain web server.
 */

import type { Outcome } from "../contract/outcome.ts";

/** Files by their path, such as `tile/0/x001/234`. */
export interface StaticSource {
  /**
   * A whole file.
   * @rejects EXPORT_MISSING, EXPORT_TOO_LONG above `bytesMax`, EXPORT_UNREACHABLE, EXPORT_STATUS,
   *          EXPORT_REDIRECT, EXPORT_TIMEOUT, EXPORT_TRUNCATED
   */
  read(path: string, bytesMax: number): Promise<Outcome<Uint8Array>>;
}

/** Where an export is written. */
export interface StaticTarget {
  /**
   * Makes the file hold these bytes, whole or as before; one that does is left alone.
   * Throws Fault STORE_*.
   */
  put(path: string, bytes: Uint8Array): Promise<"written" | "kept">;
  /**
   * Resolves when everything put so far would survive a power cut, names and folders too.
   * Throws Fault STORE_*.
   */
  settle(): Promise<void>;
}

/** How complete bundles are made shorter (zstd). */
export interface Compression {
  compress(bytes: Uint8Array): Uint8Array;
  /** Undefined for what is no frame, or holds more than `bytesMax`. */
  decompress(bytes: Uint8Array, bytesMax: number): Uint8Array | undefined;
}
