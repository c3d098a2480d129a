/** Decides the adapter's maxima. */

/** Threads of one session; above the cores of any machine we know it only costs memory. */
export const THREADS_MAX = 256;

/** Bytes one session may hold unless its owner says otherwise: a large model, not a machine. */
export const SESSION_BYTES_MAX = 4 * 1024 ** 3;

/** Bytes one session may hold on a graphics device; what it has less of, it refuses itself. */
export const CUDA_SESSION_BYTES_MAX = 64 * 1024 ** 3;
