/**
 * Decides what answers on the address for monitoring, which other machines may reach: the numbers
 * for Prometheus to whoever carries the token, one word on whether the daemon is well to anyone,
 * and nothing else. The page and its calls are never served here.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome, Rejection } from "../contract/outcome.ts";
import { rejectionOf } from "./error-response.ts";
import type { StatusFeed } from "./handlers.ts";
import {
  CLOSE_GRACE_MS,
  HTTP_HEAD_TIMEOUT_MS,
  HTTP_REQUEST_TIMEOUT_MS,
  METRICS_CONNECTIONS_MAX,
  METRICS_HEAD_BYTES_MAX,
  METRICS_SOCKET_REQUESTS_MAX,
} from "./limits.ts";
import { METRICS_TYPE, metricsText } from "./metrics.ts";
import type { Readings } from "./metrics.ts";
import { passBody } from "./page/read-body.ts";
import { refusalReply } from "./page/replies.ts";
import type { Reply } from "./page/replies.ts";
import { requestRefusal } from "./page/request-guard.ts";
import type { OwnAddress } from "./page/request-guard.ts";

/** What a server for monitoring is made with. */
export interface MetricsServerNeeds {
  /** An IP address; 0.0.0.0 and :: are all of this machine's. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What a scrape must carry; null where only this machine can reach the address. */
  readonly token: string | null;
  readonly feed: StatusFeed;
  readonly metrics: () => Promise<Readings>;
  readonly onFault: (path: string, error: unknown) => void;
}

/** A listening server. */
export interface MetricsServer {
  /** "HOST:PORT" */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens for scrapes. @rejects API_METRICS_LISTEN */
export async function startMetricsServer(
  needs: MetricsServerNeeds,
): Promise<Outcome<MetricsServer>> {
  const server = createServer({
    maxHeaderSize: METRICS_HEAD_BYTES_MAX,
    headersTimeout: HTTP_HEAD_TIMEOUT_MS,
    requestTimeout: HTTP_REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = METRICS_CONNECTIONS_MAX;
  server.maxRequestsPerSocket = METRICS_SOCKET_REQUESTS_MAX;
  const failure = await listen(server, needs);
  if (failure !== null) {
    const listens = addressText(needs.host, needs.port);
    return reject("API_METRICS_LISTEN", { listen: listens, reason: failure });
  }
  const { port } = server.address() as AddressInfo;
  const address = addressText(needs.host, port);
  const own = { host: address, origin: `http://${address}` };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void replyTo(request, own, needs).then(async (reply) => {
      await passBody(request);
      if (!response.destroyed) send(response, reply, request.complete);
    });
  });
  return accept({ address, port, close: () => closeServer(server) });
}

function addressText(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Null when it listens, else the system's word for why not. */
function listen(server: Server, { host, port }: MetricsServerNeeds): Promise<string | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown");
    server.once("error", failed);
    server.listen({ host, port, exclusive: true, ipv6Only: false }, () => {
      server.off("error", failed);
      server.on("error", () => undefined);
      resolve(null);
    });
  });
}

async function replyTo(
  request: IncomingMessage,
  own: OwnAddress,
  needs: MetricsServerNeeds,
): Promise<Reply> {
  const path = (request.url ?? "").split("?")[0];
  try {
    const known = path === "/metrics" || path === "/health";
    if (!known) return refusalReply({ code: "API_PATH", facts: { path: path.slice(0, 128) } });
    if (request.method !== "GET" && request.method !== "HEAD") {
      const facts = { method: (request.method ?? "").slice(0, 16), allowed: "GET" };
      return refusalReply({ code: "API_HTTP_METHOD", facts }, { allow: "GET" });
    }
    if (path === "/health") return await health(needs);
    const refusal = scrapeRefusal(request, own, needs.token);
    if (refusal !== null) {
      const ask = refusal.code === "API_METRICS_TOKEN" ? { "www-authenticate": "Bearer" } : {};
      return refusalReply(refusal, ask);
    }
    // A daemon that is ending refuses here, before its parts are asked.
    await needs.feed.current();
    const body = await metricsText(await needs.metrics());
    return { status: 200, type: METRICS_TYPE, body };
  } catch (error) {
    const refusal = rejectionOf(error);
    if (refusal.code === "API_INTERNAL") needs.onFault(path, error);
    return refusalReply(refusal);
  }
}

/**
 * Why a scrape is refused. Without a token the address is this machine's own, and only its exact
 * name is answered: a name that was pointed here (DNS rebinding) would let a page read along.
 */
function scrapeRefusal(
  request: IncomingMessage,
  own: OwnAddress,
  token: string | null,
): Rejection | null {
  if (token === null) return requestRefusal(request, own);
  const given = /^Bearer (\S{1,512})$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return sameToken(given, token) ? null : { code: "API_METRICS_TOKEN" };
}

/** Compares digests, so that the time taken tells neither length nor content. */
function sameToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

/** Anyone may ask, so it says one word: what runs here and since when is not told. */
async function health({ feed }: MetricsServerNeeds): Promise<Reply> {
  let ok = false;
  try {
    ok = (await feed.current()).mine.state !== "failed";
  } catch {
    // Ending, or a part that failed: not well, whatever the reason.
  }
  return { status: ok ? 200 : 503, type: "text/plain; charset=utf-8", body: ok ? "ok\n" : "no\n" };
}

function send(response: ServerResponse, reply: Reply, isComplete: boolean): void {
  response.writeHead(reply.status, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...reply.headers,
    // What is left of a body nobody reads must not be taken for the next request.
    ...(isComplete ? {} : { connection: "close" }),
    "content-type": reply.type,
    "content-length": Buffer.byteLength(reply.body),
  });
  response.end(response.req.method === "HEAD" ? undefined : reply.body);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
