/**
 * Decides how files become one text: in byte order of their names, each in UTF-8, without a byte
 * order mark, and with a line's end between two where the first has none.
 */

import { isUtf8 } from "node:buffer";
import { readPieces } from "./file-bytes.ts";
import type { ImportLimits } from "./limits.ts";
import { shownBytes } from "./path-bytes.ts";
import { checkLimit, stop } from "./stop.ts";

const LINE_END = 0x0a;
const MARK = Buffer.from("\u{feff}");

/**
 * The text of all files, as UTF-8.
 * @rejects DATA_IMPORT_TEXT_ENCODING with file and line, _TOO_LARGE, and those of `readPieces`
 */
export async function readText(
  files: readonly Buffer[],
  limits: ImportLimits,
  progress: (fraction: number) => void,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const [index, path] of files.entries()) {
    const file = shownBytes(path);
    if (bytes > 0 && parts.at(-1)?.at(-1) !== LINE_END) parts.push(Buffer.of(LINE_END));
    const first = parts.length;
    await readPieces(path, limits, async ({ pieces, fraction }) => {
      for await (const piece of pieces) {
        bytes += piece.length;
        checkLimit("text bytes", bytes, limits.textBytes, { file });
        parts.push(piece);
        progress((index + fraction()) / files.length);
      }
    });
    const text = Buffer.concat(parts.splice(first));
    if (!isUtf8(text)) stop("DATA_IMPORT_TEXT_ENCODING", { file, line: wrongLine(text) });
    const marked = text.subarray(0, MARK.length).equals(MARK);
    const plain = marked ? text.subarray(MARK.length) : text;
    if (plain.length > 0) parts.push(plain);
  }
  return Buffer.concat(parts);
}

/** The first line, from 1, that is not UTF-8: no byte of a character is a line's end. */
function wrongLine(text: Buffer): number {
  let line = 1;
  for (let first = 0; first < text.length; line += 1) {
    const found = text.indexOf(LINE_END, first);
    const end = found < 0 ? text.length : found;
    if (!isUtf8(text.subarray(first, end))) return line;
    first = end + 1;
  }
  return line;
}
