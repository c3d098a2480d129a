/**
 * Decides what a path holds: IDX files, a CSV file, text, or a folder of PNG folders; and that
 * whatever is wrong with it ends as one rejection, with nothing handed over.
 */

import { basename, dirname } from "node:path";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatNumberOf } from "../../contract/index.ts";
import { entries, entryKind, entryNames } from "./folder-entries.ts";
import { idxNames, readIdxName } from "./idx-names.ts";
import { importCsv } from "./import-csv.ts";
import { importIdx } from "./import-idx.ts";
import { importPngFolders } from "./import-png-folders.ts";
import { importText } from "./import-text.ts";
import type { ImportedData, ImportOptions } from "./imported-data.ts";
import { IMPORT_LIMITS } from "./limits.ts";
import type { ImportLimits } from "./limits.ts";
import { entryPath, pathBytes, shownBytes } from "./path-bytes.ts";
import { ImportStop, stop } from "./stop.ts";

const CSV_NAME = /\.(csv|tsv)(\.gz)?$/i;
const TEXT_NAME = /\.(txt|text)(\.gz)?$/i;

/**
 * Imports a user's own data; never throws for what is wrong with it (README.md: what is taken).
 * @param path  an IDX file or folder, a CSV or text file, a folder of text files, or one with one
 *              folder of PNGs per class
 * @rejects DATA_IMPORT_* with facts that name file, row, column or sample
 * @cost one pass over the data; memory as `IMPORT_LIMITS` says
 */
export async function importData(
  path: string,
  options: ImportOptions = {},
  limits: ImportLimits = IMPORT_LIMITS,
): Promise<Outcome<ImportedData>> {
  try {
    return accept(await importPath(path, options, limits));
  } catch (error) {
    if (error instanceof ImportStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
}

async function importPath(
  path: string,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const bytes = pathBytes(path);
  const file = shownBytes(bytes);
  const kind = await entryKind(bytes);
  if (kind === "folder") return importFolder(path, options, limits);
  if (kind === "other") stop("DATA_IMPORT_KIND", { file, rule: "a file or a folder" });
  const name = pathBytes(basename(path)).toString("latin1");
  const chosen = readIdxName(name);
  if (chosen !== undefined) {
    const folder = pathBytes(dirname(path));
    const files = idxNames(await entryNames(folder, limits));
    return importIdx({ path, folder, files, chosen }, options, limits);
  }
  if (CSV_NAME.test(name)) return importCsv(path, options, limits);
  if (TEXT_NAME.test(name)) return importText({ path, files: [bytes] }, options, limits);
  const rule = "a name as IDX files have, or one that ends in .csv or .txt";
  stop("DATA_IMPORT_KIND", { file, rule });
}

async function importFolder(
  path: string,
  options: ImportOptions,
  limits: ImportLimits,
): Promise<ImportedData> {
  const folder = pathBytes(path);
  const file = shownBytes(folder);
  const names = await entryNames(folder, limits);
  const files = idxNames(names);
  if (files.length > 0) return importIdx({ path, folder, files }, options, limits);
  if (names.length === 0) stop("DATA_IMPORT_NO_SAMPLES", { folder: file });
  const texts = names.filter((name) => TEXT_NAME.test(name));
  const found = await entries(folder, names);
  const others = found.length - texts.length;
  // A README.txt beside class folders is no text to learn, unless text is what is asked for.
  const isText = options.text !== undefined || found.every(({ kind }) => kind !== "folder");
  if (texts.length > 0 && isText) {
    const remark = `${formatNumberOf(others, "other file", "other files")} left out`;
    const files = texts.map((name) => entryPath(folder, name));
    return importText({ path, files, remarks: others === 0 ? [] : [remark] }, options, limits);
  }
  if (found.some(({ kind }) => kind === "folder")) {
    return importPngFolders({ path, folder, entries: found }, options, limits);
  }
  const rule = "IDX files, .txt files, or one folder of PNGs per class";
  stop("DATA_IMPORT_KIND", { folder: file, rule });
}
