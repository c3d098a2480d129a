/** The face of the data import: a path becomes a data set, or the reason why not. */
export { importData } from "./import-data.ts";
export { TEXT_OPTIONS } from "./import-text.ts";
export type { TextOptions } from "./import-text.ts";
export type { ImportedColumn, ImportedData, ImportedText, ImportOptions } from "./imported-data.ts";
export { IMPORT_LIMITS } from "./limits.ts";
export type { ImportLimits } from "./limits.ts";
export type { TextTokens } from "./text-pieces.ts";
