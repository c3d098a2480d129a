/**
 * A device with a web server, on loopback: what it answers is a function of the request, and it can
 * be told to fail in the ways that devices on a home network fail.
 */

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How it fails; null: it does not. */
export type HttpFault =
  | null
  /** Accepts and never answers, as a device whose connection is half open. */
  | "silent"
  /** Answers one byte a second. */
  | "slow"
  /** Ends the body in the middle, its length being right. */
  | "truncated"
  /** Bytes that are no text. */
  | "garbage"
  /** A body without end. */
  | "endless"
  /** Hangs up. */
  | "hang-up"
  /** 503. */
  | "busy";

/** What it answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A device that runs. */
export interface HttpDevice {
  readonly url: string;
  fault: HttpFault;
  /** Every request so far: method, path with query, and what stood in Authorization. */
  readonly requests: { readonly path: string; readonly authorization: string }[];
  close(): Promise<void>;
}

/** Starts it on a free port of loopback. */
export async function startHttpDevice(
  answer: (request: IncomingMessage, url: URL) => HttpAnswer,
): Promise<HttpDevice> {
  const requests: { path: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://device");
    const { authorization = "" } = request.headers;
    requests.push({ path: url.pathname + url.search, authorization });
    respond(device.fault, response, () => answer(request, url));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const device: HttpDevice = {
    url: `http://127.0.0.1:${port}`,
    fault: null,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return device;
}

function respond(fault: HttpFault, response: ServerResponse, ask: () => HttpAnswer): void {
  if (fault === "silent") return;
  if (fault === "hang-up") {
    response.destroy();
    return;
  }
  if (fault === "busy") {
    response.writeHead(503).end("busy");
    return;
  }
  const { status, body, headers = {} } = ask();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  if (fault === "truncated") response.end(text.slice(0, Math.floor(text.length / 2)));
  else if (fault === "garbage") response.end(Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x80]));
  else if (fault === "slow") dribble(response, text);
  else if (fault === "endless") pour(response);
  else response.end(text);
}

function dribble(response: ServerResponse, text: string): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(text[sent] ?? " ");
    sent += 1;
  }, 1_000);
  response.on("close", () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(16_384, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}
