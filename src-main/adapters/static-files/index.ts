/** The face of the static files adapter: exported ledgers in folders and on web servers. */
export { folderSource, folderTarget } from "./folder-files.ts";
export { httpSource } from "./http-source.ts";
export type { HttpLimits } from "./http-source.ts";
export { zstd } from "./zstd.ts";
