/** Decides the adapter's maxima. */

/** Bytes one session may hold: a module addresses 4 GiB, of which stack and batch take a part. */
export const SESSION_BYTES_MAX = 3.5 * 1024 ** 3;
