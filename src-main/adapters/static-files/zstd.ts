/** Decides how bundles are compressed: zstd as Node has it, with its checksum. */

import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Compression } from "../../ports/static-files.ts";

/** What Node answers where `info` is asked for; its types leave it out. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** zstd, level 9: some 50 MB/s, and a bundle is written once. */
export const zstd: Compression = {
  compress(bytes) {
    const params = {
      [constants.ZSTD_c_compressionLevel]: 9,
      [constants.ZSTD_c_checksumFlag]: 1,
    };
    return new Uint8Array(zstdCompressSync(bytes, { params }));
  },
  decompress(bytes, bytesMax) {
    try {
      const options = { maxOutputLength: bytesMax, info: true };
      const { buffer, engine } = zstdDecompressSync(bytes, options) as unknown as Inflated;
      // What stands after the frame is not part of the bundle.
      return engine.bytesWritten === bytes.length ? new Uint8Array(buffer) : undefined;
    } catch {
      // No frame, a broken one, or more than was allowed: the caller refuses each the same way.
      return undefined;
    }
  },
};
