/**
 * Decides who reaches the page's server: loopback alone, the exact Host and Origin alone, a bounded
 * number at once. The port is open to every program of this machine, so nothing is trusted before
 * a session is named.
 */

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { WebSocketServer } from "ws";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome, Rejection } from "../../contract/outcome.ts";
import { rejectionOf } from "../error-response.ts";
import {
  CLOSE_GRACE_MS,
  HTTP_CONNECTIONS_MAX,
  HTTP_HEAD_BYTES_MAX,
  HTTP_HEAD_TIMEOUT_MS,
  HTTP_REQUEST_TIMEOUT_MS,
  MESSAGE_BYTES_MAX,
  WEBSOCKETS_MAX,
  WEBSOCKETS_WAITING_MAX,
} from "../limits.ts";
import { pageRoutes } from "./page-routes.ts";
import type { RouteNeeds } from "./page-routes.ts";
import { PageSocket } from "./page-socket.ts";
import type { PageSocketNeeds } from "./page-socket.ts";
import { passBody } from "./read-body.ts";
import { refusalReply, safeHeaders, sendReply } from "./replies.ts";
import type { Reply } from "./replies.ts";
import { requestRefusal, upgradeRefusal } from "./request-guard.ts";
import type { OwnAddress } from "./request-guard.ts";

/** What a server is made with. */
export interface PageServerNeeds extends RouteNeeds, Pick<PageSocketNeeds, "clock"> {}

/** A listening server. */
export interface PageServer {
  /** "http://127.0.0.1:PORT/" */
  readonly address: string;
  readonly port: number;
  /** Stops listening, ends open connections. */
  close(): Promise<void>;
}

/** The only address it listens on; a name such as localhost could lead elsewhere. */
const LOOPBACK = "127.0.0.1";

/**
 * Listens for the page.
 * @param port  0 for any free one
 * @rejects API_PORT_TAKEN, API_PAGE_FAILED
 */
export async function startPageServer(
  port: number,
  needs: PageServerNeeds,
): Promise<Outcome<PageServer>> {
  const server = createServer({
    maxHeaderSize: HTTP_HEAD_BYTES_MAX,
    headersTimeout: HTTP_HEAD_TIMEOUT_MS,
    requestTimeout: HTTP_REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = HTTP_CONNECTIONS_MAX;
  const failure = await listen(server, port);
  if (failure !== null) {
    const code = failure === "EADDRINUSE" ? "API_PORT_TAKEN" : "API_PAGE_FAILED";
    return reject(code, { port, reason: failure });
  }
  const given = (server.address() as AddressInfo).port;
  const own = { host: `${LOOPBACK}:${given}`, origin: `http://${LOOPBACK}:${given}` };
  const sockets = serveSockets(server, own, needs);
  serveRequests(server, own, needs);
  const close = () => closeServer(server, sockets);
  return accept({ address: `${own.origin}/`, port: given, close });
}

/** Null when it listens, else the system's word for why not. */
function listen(server: Server, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown");
    server.once("error", failed);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.off("error", failed);
      server.on("error", () => undefined);
      resolve(null);
    });
  });
}

function serveRequests(server: Server, own: OwnAddress, needs: PageServerNeeds): void {
  const route = pageRoutes(needs);
  const replyTo = async (request: IncomingMessage): Promise<Reply> => {
    const refusal = requestRefusal(request, own);
    if (refusal !== null) return refusalReply(refusal);
    const path = (request.url ?? "").split("?")[0];
    try {
      return await route(request, path);
    } catch (error) {
      // A sender who went away in the middle of a body is no fault.
      if (request.complete) needs.onFault(path.slice(0, 64), error);
      return refusalReply(rejectionOf(error));
    }
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void replyTo(request).then(async (reply) => {
      await passBody(request);
      if (response.destroyed) return;
      // What is left of a body nobody reads must not be taken for the next request.
      const ending = request.complete ? {} : { connection: "close" };
      sendReply(response, own, { ...reply, headers: { ...reply.headers, ...ending } });
    });
  });
}

function serveSockets(server: Server, own: OwnAddress, needs: PageServerNeeds): Set<PageSocket> {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const open = new Set<PageSocket>();
  const waiting = () => [...open].filter((one) => one.isWaiting).length;
  const hasRoom = () => open.size - waiting() < WEBSOCKETS_MAX;
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const refusal = upgradeRefusal(request, own) ?? roomRefusal(request, waiting());
    if (refusal !== null) {
      refuseUpgrade(stream, own, refusal);
      return;
    }
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      const served = new PageSocket(socket, stream, { ...needs, hasRoom });
      open.add(served);
      socket.on("close", () => open.delete(served));
    });
  });
  return open;
}

function roomRefusal(request: IncomingMessage, waiting: number): Rejection | null {
  const path = request.url ?? "";
  if (path !== "/ws") return { code: "API_PATH", facts: { path: path.slice(0, 128) } };
  if (waiting < WEBSOCKETS_WAITING_MAX) return null;
  return { code: "API_CONNECTIONS", facts: { waitingMax: WEBSOCKETS_WAITING_MAX } };
}

function refuseUpgrade(stream: Duplex, own: OwnAddress, refusal: Rejection): void {
  const { status, type, body } = refusalReply(refusal);
  const headers = {
    ...safeHeaders(own),
    connection: "close",
    "content-type": type,
    "content-length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  stream.end(`HTTP/1.1 ${status} Refused\r\n${lines.join("\r\n")}\r\n\r\n${String(body)}`);
}

async function closeServer(server: Server, sockets: Set<PageSocket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.end();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
