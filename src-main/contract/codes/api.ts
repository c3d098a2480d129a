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
} as const;
