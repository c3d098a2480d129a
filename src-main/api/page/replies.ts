/** Decides what every HTTP answer of the page's server carries, and how a refusal looks there. */

import type { ServerResponse } from "node:http";

import type { Rejection } from "../../contract/outcome.ts";
import { errorResponse } from "../error-response.ts";
import type { OwnAddress } from "./request-guard.ts";

/** The HTTP status of each refusal. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  API_HOST: 403,
  API_ORIGIN: 403,
  API_PATH: 404,
  API_HTTP_METHOD: 405,
  API_CONTENT_TYPE: 415,
  API_MESSAGE_SIZE: 413,
  API_PARSE: 400,
  API_REQUEST: 400,
  API_CODE: 401,
  API_SESSION: 401,
  API_METRICS_TOKEN: 401,
  API_PENDING: 503,
  API_CONNECTIONS: 503,
  API_INTERNAL: 500,
  PROCESSES_ENDING: 503,
};

/** The status that a refusal is answered with. */
export function statusOf({ code }: Rejection): number {
  return STATUS_OF_CODE[code] ?? 400;
}

/**
 * Headers of every answer. No inline script or style, nothing from elsewhere, no frame around the
 * page, no referrer, no reading by other origins.
 */
export function safeHeaders(own: OwnAddress): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${own.host}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}

/** One answer. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an answer; without its body for HEAD. */
export function sendReply(response: ServerResponse, own: OwnAddress, reply: Reply): void {
  const { status, type, body, headers } = reply;
  response.writeHead(status, {
    ...safeHeaders(own),
    "cache-control": "no-store",
    ...headers,
    "content-type": type,
    "content-length": Buffer.byteLength(body),
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** A value as JSON. */
export function jsonReply(status: number, value: unknown): Reply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** A refusal, in the form it has on the socket too. */
export function refusalReply(rejection: Rejection, headers?: Record<string, string>): Reply {
  const reply = jsonReply(statusOf(rejection), errorResponse(null, rejection));
  return headers === undefined ? reply : { ...reply, headers };
}
