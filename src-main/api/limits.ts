/** Named maxima of the control socket. Its peers are our own user's programs, and bugs count. */

/** One message: a record with its proof is far below; more is a mistake or an attack on memory. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Programs connected at once: a page, a tray, some terminals and scripts. */
export const CONNECTIONS_MAX = 64;

/** Calls of one connection that wait for their answer. */
export const PENDING_CALLS_MAX = 32;

/** Bytes waiting for a reader that does not read; beyond it the connection is cut. */
export const UNREAD_BYTES_MAX = 8 * MESSAGE_BYTES_MAX;

/** Least time between two notifications to one subscriber: ten a second is smooth for an eye. */
export const NOTIFY_INTERVAL_MS = 100;

/** How long a caller waits for an ordinary answer. */
export const CALL_TIMEOUT_MS = 30_000;

/** How long a connection attempt may take; a living daemon on this machine answers at once. */
export const CONNECT_TIMEOUT_MS = 2_000;

/** How long open connections may finish reading when the daemon ends. */
export const CLOSE_GRACE_MS = 500;

/** Bytes of a Unix socket's path: 108 on Linux and 104 on macOS and BSD, final zero included. */
export const SOCKET_PATH_BYTES_MAX = 103;
