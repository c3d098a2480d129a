/** Codes of the api room: why a call over the control socket was not answered. */
export const API_CODES = {
  API_PARSE: "The message is not JSON; send one JSON-RPC 2.0 message per line.",
  API_REQUEST: "The message is not a JSON-RPC 2.0 request; check its fields.",
  API_METHOD: "There is no such method; `vivian version` shows whether the versions match.",
  API_PARAMS: "A parameter is missing or has the wrong form; correct the field that is named.",
  API_RESULT: "The answer has the wrong form; update so that both sides have one version.",
  API_RESPONSE: "What came back is not a JSON-RPC 2.0 response; update the older side.",
  API_MESSAGE_SIZE: "The message is longer than 1 MiB; ask for less at once.",
  API_CONNECTIONS: "Too many programs are connected; close one of them and try again.",
  API_PENDING: "Too many calls wait on this connection; wait for answers before sending more.",
  API_INTERNAL:
    "The daemon met a fault of its own while answering; stored work is safe, see the daemon's log.",
  API_UNREACHABLE: "No daemon answers for this data folder; start one with `vivian up`.",
  API_CLOSED: "The daemon closed the connection; see `vivian status` and the daemon's log.",
  API_TIMEOUT: "The daemon did not answer in time; try again, then see the daemon's log.",
  API_SOCKET_IN_USE: "Another daemon answers on this socket; stop it with `vivian stop`.",
  API_SOCKET_FAILED: "The control socket cannot be opened; check the folder that is named.",
  API_SOCKET_FOLDER:
    "The socket's folder belongs to someone else or is open to others; remove it or set " +
    "XDG_RUNTIME_DIR to a folder of your own.",
  API_HOST:
    "The request names another host than the page's address; open the page with `vivian open`.",
  API_ORIGIN: "The request comes from another page; open this one with `vivian open`.",
  API_PATH: "There is nothing at this address; open the page with `vivian open`.",
  API_HTTP_METHOD: "This address takes another HTTP method; use the one that is named.",
  API_CONTENT_TYPE: "The body is not application/json; send JSON with that content type.",
  API_CODE:
    "The code was used already, is older than 60 s or was never given; run `vivian open` again.",
  API_SESSION: "This session is not known to the daemon; run `vivian open` for a new one.",
  API_TOKEN_LATE:
    "The connection did not say within 2 s which session it is; reload the page, or run " +
    "`vivian open` again.",
  API_LEVEL: "This session may not do that; run `vivian open --level` with the level named.",
  API_SPEND_PASSWORD:
    "The page may not spend without a wallet's password; use the `vivian` command for it.",
  API_SEARCH:
    "A search takes words or a vector, not both, and a vector needs its collection; give what is " +
    "named.",
  API_SUBSCRIBE: "A subscription needs a connection that stays open; use the WebSocket.",
  API_PORT_TAKEN:
    "Another program uses the page's port; set page.port in config.toml to 0 or another port.",
  API_PAGE_FAILED: "The page's address cannot be opened; check page.port in config.toml.",
  API_METRICS_LISTEN:
    "The address for metrics cannot be opened; correct page.metrics_listen, or end the program " +
    "that uses it.",
  API_METRICS_TOKEN:
    "Metrics are given only to whoever carries the token; send it as Authorization: Bearer, from " +
    "the file that page.metrics_token_file names.",
  API_OPEN_FILE:
    "The file that opens the page cannot be written; check the folder that is named and its space.",
} as const;
