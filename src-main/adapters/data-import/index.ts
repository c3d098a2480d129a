/** The face of the data import: a path becomes a data set, or the reason why not. */
export { importData } from "./import-data.ts";
export type { ImportedColumn, ImportedData, ImportedText, ImportOptions } from "./imported-data.ts";
export { IMPORT_LIMITS } from "./limits.ts";
export type { ImportLimits } from "./limits.ts";
export { TEXT_OPTIONS } from "./text-options.ts";
export type { TextOptions, TextTable, TextTokens } from "./text-options.ts";
export { openTextTable } from "./text-pieces.ts";
