/** Decides the adapter's maxima. */

/**
 * Bytes one session may hold, its two copies of the batch included: a module addresses 4 GiB, of
 * which a value that is shown (1 GiB at most), the program and the stack take the rest.
 */
export const SESSION_BYTES_MAX = 2.5 * 1024 ** 3;
