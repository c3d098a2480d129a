/**
 * Named maxima of the control socket and of the page's server. Peers of the socket are our own
 * user's programs, and bugs count; the page's port is open to every program of this machine.
 */

/** One message: a record with its proof is far below; more is a mistake or an attack on memory. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Programs connected at once: a page, a tray, some terminals and scripts. */
export const CONNECTIONS_MAX = 64;

/** Calls of one connection that wait for their answer. */
export const PENDING_CALLS_MAX = 32;

/** Bytes waiting for a reader that does not read; beyond it the connection is cut. */
export const UNREAD_BYTES_MAX = 8 * MESSAGE_BYTES_MAX;

/** Least time between two notifications: two a second read well and keep an open page cheap. */
export const NOTIFY_INTERVAL_MS = 500;

/** How long a caller waits for an ordinary answer. */
export const CALL_TIMEOUT_MS = 30_000;

/** How long a connection attempt may take; a living daemon on this machine answers at once. */
export const CONNECT_TIMEOUT_MS = 2_000;

/** How long open connections may finish reading when the daemon ends. */
export const CLOSE_GRACE_MS = 500;

/** Bytes of a Unix socket's path: 108 on Linux and 104 on macOS and BSD, final zero included. */
export const SOCKET_PATH_BYTES_MAX = 103;

/** How long a code that opens the page counts: a browser starts well within it. */
export const CODE_LIFE_MS = 60_000;

/** Codes that wait at once; the oldest gives way, so opening often cannot fill the memory. */
export const CODES_MAX = 16;

/** Sessions of the page at once; the one opened first gives way. */
export const SESSIONS_MAX = 64;

/** Random bytes of a code or a token: 256 bits cannot be guessed. */
export const SECRET_BYTES = 32;

/** HTTP connections at once, WebSockets included. */
export const HTTP_CONNECTIONS_MAX = 128;

/** Head of one HTTP request; the page's own are far below. */
export const HTTP_HEAD_BYTES_MAX = 8_192;

/** Time for the head of a request, and for all of it, so that a slow sender holds nothing. */
export const HTTP_HEAD_TIMEOUT_MS = 5_000;
export const HTTP_REQUEST_TIMEOUT_MS = 10_000;

/** Body of `POST /session`: a code and a little JSON. */
export const CODE_BODY_BYTES_MAX = 1_024;

/** Calls over `POST /rpc` that wait for their answer, all sessions together. */
export const HTTP_CALLS_MAX = 64;

/** WebSockets with a session at once. */
export const WEBSOCKETS_MAX = 32;

/** WebSockets that have not said their token yet; anyone on this machine can open one. */
export const WEBSOCKETS_WAITING_MAX = 16;

/** How long a WebSocket may take to say its token. */
export const TOKEN_WITHIN_MS = 2_000;

/** Time between two pings; who has not answered the last one is gone. */
export const PING_INTERVAL_MS = 20_000;

/** Files of the built page; its build makes a few dozen. */
export const PAGE_FILES_MAX = 512;

/** One file of the built page. */
export const PAGE_FILE_BYTES_MAX = 8_388_608;

/** Connections to the address for monitoring: two servers that scrape, a probe, some by hand. */
export const METRICS_CONNECTIONS_MAX = 32;

/** Head of a scrape, with a token of at most 512 characters. */
export const METRICS_HEAD_BYTES_MAX = 4_096;

/** Scrapes on one connection before it is closed, so that none stays for ever. */
export const METRICS_SOCKET_REQUESTS_MAX = 1_000;
