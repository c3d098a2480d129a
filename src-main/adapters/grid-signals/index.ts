/** The face of grid signals. */

export { STATIC_DATASETS, staticFactors } from "./static-table.ts";
export type { StaticFactors } from "./static-table.ts";
