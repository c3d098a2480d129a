/** Decides the bounds of asking services about the grid, each with its reason. */

/** One answer: two days of half hours with their mix are some 100 KB. */
export const ANSWER_BYTES_MAX = 1_048_576;

/** A service that takes longer is asked again later; nobody waits for it. */
export const ASK_WITHIN_MS = 10_000;

/** Values of one answer: three days of five minutes. */
export const VALUES_MAX = 1_024;

/** A key is a line. */
export const KEY_BYTES_MAX = 4_096;

/** Intensities above are another unit: the dirtiest grids are near 1,500 g. */
export const GRAMS_MAX = 10_000;

/** Prices beyond are another unit: markets are capped at some thousands a MWh. */
export const PRICE_A_MWH_MAX = 100_000;
