/** Maxima of the float engine, each with its reason. */

/** Milliseconds to open a library: loading takes a second, a slow disk or a driver some more. */
export const OPEN_MS_MAX = 60_000;

/** Characters of a process's last words that are kept for the fault. */
export const WORDS_MAX = 2_000;
