/**
 * Decides how a CSV file is read: UTF-8, packed by gzip or not, row by row. Cells are parted by
 * commas, or by semicolons or tabs where the first line has no comma. Blank lines are left out;
 * spaces around a cell do not count.
 */

import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { readPieces } from "./file-bytes.ts";
import type { ImportLimits } from "./limits.ts";
import { shownBytes } from "./path-bytes.ts";
import { ImportStop, stop, systemCode } from "./stop.ts";

/** One row: its cells, and the number of its last line in the file, from 1. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

const DELIMITERS = [",", ";", "\t"] as const;

/** What the codes of the CSV reader mean in words. */
const FORM_RULES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "an opened quote is closed",
  CSV_INVALID_CLOSING_QUOTE: "a closing quote ends its field",
  INVALID_OPENING_QUOTE: "a quote opens at the start of a field",
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: "a closing quote ends its field",
};

/**
 * Reads the rows in order; `onRow` may end the import.
 * @rejects DATA_IMPORT_CSV_FORM, _CORRUPT (not UTF-8), _TOO_LARGE (a row), and what `readPieces`
 *          rejects
 */
export async function readCsvRows(
  path: Buffer,
  limits: ImportLimits,
  onRow: (row: CsvRow) => void,
  progress: (fraction: number) => void,
): Promise<void> {
  const file = shownBytes(path);
  await readPieces(path, limits, async ({ pieces, fraction }) => {
    const text = textOf(pieces, file);
    const first = await text.next();
    if (first.done === true) return;
    const parser = parse({
      bom: true,
      delimiter: delimiterOf(first.value),
      info: true,
      max_record_size: limits.rowBytes,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    try {
      await pipeline(joined(first.value, text), parser, async (rows) => {
        for await (const row of rows as AsyncIterable<InformedRow>) {
          onRow({ cells: row.record, line: row.info.lines });
          progress(fraction());
        }
      });
    } catch (error) {
      throw stopOf(error, file, limits);
    }
  });
}

/** What the CSV reader gives with `info`. */
interface InformedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The comma, or what stands in its place in the first line. */
export function delimiterOf(text: string): (typeof DELIMITERS)[number] {
  const [line] = text.replace(/^[\ufeff\s]+/, "").split(/[\r\n]/, 1);
  return DELIMITERS.find((delimiter) => line.includes(delimiter)) ?? ",";
}

/** The text of the pieces; replacing what is not UTF-8 could make two class names one. */
async function* textOf(pieces: AsyncIterable<Buffer>, file: string): AsyncGenerator<string> {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for await (const piece of pieces) {
      const text = utf8.decode(piece, { stream: true });
      if (text !== "") yield text;
    }
    utf8.decode();
  } catch (error) {
    if (systemCode(error) !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
    stop("DATA_IMPORT_CORRUPT", { file, rule: "text is UTF-8" });
  }
}

async function* joined(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

function stopOf(error: unknown, file: string, limits: ImportLimits): unknown {
  if (!(error instanceof CsvError)) return error;
  const row = Number(error["lines"] ?? 0);
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    const facts = { file, row, limit: "bytes of a row", most: limits.rowBytes };
    return new ImportStop("DATA_IMPORT_TOO_LARGE", facts);
  }
  const rule = FORM_RULES[error.code] ?? error.code;
  return new ImportStop("DATA_IMPORT_CSV_FORM", { file, row, rule });
}
