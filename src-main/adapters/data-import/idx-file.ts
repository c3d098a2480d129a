/**
 * Decides how an IDX file is read: big-endian magic 0x0000 08 rank (08 = unsigned bytes), one u32
 * for each dimension, then the bytes. Source: http://yann.lecun.com/exdb/mnist/, "The IDX file
 * format". Images have rank 3, or 4 with the channels last; labels have rank 1.
 */

import { readPieces } from "./file-bytes.ts";
import type { ImportLimits } from "./limits.ts";
import { shownBytes } from "./path-bytes.ts";
import { stop } from "./stop.ts";

const UNSIGNED_BYTES = 0x08;
const MAGIC_BYTES = 4;
const DIMENSION_BYTES = 4;

/** Hears of a file as it is read. */
export interface IdxListener {
  /** The dimensions; ending the import here keeps the body from being read. */
  dimensions(sizes: readonly number[]): void;
  /** A piece of the body and where in the body it stands. */
  body(piece: Uint8Array, offset: number): void;
}

/**
 * Reads an IDX file to its end.
 * @param ranks  the ranks that are taken
 * @rejects DATA_IMPORT_CORRUPT and what `readPieces` rejects
 */
export async function readIdx(
  path: Buffer,
  ranks: readonly number[],
  limits: ImportLimits,
  listener: IdxListener,
): Promise<void> {
  const file = shownBytes(path);
  await readPieces(path, limits, async ({ pieces }) => {
    let start: Buffer = Buffer.alloc(0);
    let expected = -1;
    let offset = 0;
    for await (const piece of pieces) {
      let body: Buffer = piece;
      if (expected < 0) {
        start = Buffer.concat([start, piece]);
        const sizes = readDimensions(start, ranks, file);
        if (sizes === undefined) continue;
        listener.dimensions(sizes);
        expected = sizes.reduce((product, size) => product * size, 1);
        body = start.subarray(MAGIC_BYTES + DIMENSION_BYTES * sizes.length);
      }
      if (offset + body.length > expected) {
        stop("DATA_IMPORT_CORRUPT", { file, rule: "it ends with its last value", expected });
      }
      listener.body(body, offset);
      offset += body.length;
    }
    if (expected < 0) stop("DATA_IMPORT_CORRUPT", { file, rule: "it has a whole header" });
    if (offset < expected) {
      stop("DATA_IMPORT_CORRUPT", { file, rule: "it is not cut short", expected, found: offset });
    }
  });
}

/** The dimensions once they are all there. */
function readDimensions(
  start: Buffer,
  ranks: readonly number[],
  file: string,
): number[] | undefined {
  if (start.length < MAGIC_BYTES) return undefined;
  const magic = start.readUInt32BE(0);
  const rank = ranks.find((one) => magic === UNSIGNED_BYTES * 256 + one);
  if (rank === undefined) {
    const rule = `it begins with 0x${hex8(UNSIGNED_BYTES * 256 + ranks[0])}`;
    stop("DATA_IMPORT_CORRUPT", { file, rule, found: `0x${hex8(magic)}` });
  }
  if (start.length < MAGIC_BYTES + DIMENSION_BYTES * rank) return undefined;
  return Array.from({ length: rank }, (_, index) =>
    start.readUInt32BE(MAGIC_BYTES + DIMENSION_BYTES * index),
  );
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}
