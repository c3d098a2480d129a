/**
 * Stands in for the daemon's page server: the built files, sessions, and the control API from
 * fixtures. What the page does with answers that a healthy daemon never gives is tested with it.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

import type { MethodName, Status } from "../../src-main/contract/control-api/index.ts";
import type { PageTrust, SessionLevel } from "../../src-main/contract/control-api/index.ts";

/** The built page. */
export const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** A refusal as an answer. */
export class Refused {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

/** What each method answers; a `Refused` is sent as an error. */
export type Answers = Partial<Record<MethodName, (params: Record<string, unknown>) => unknown>>;

/** A code or token of the right form. */
export const secretText = (letter: string): string => letter.repeat(43);

export class MockedDaemon {
  status: Status;
  answers: Answers;
  level: SessionLevel = "operate";
  /** The commit named at the opening; none where it is null. */
  trust: PageTrust | null = null;
  /** Calls so far, by method. */
  readonly calls: { method: string; params: unknown }[] = [];
  port = 0;
  code = secretText("c");
  token = secretText("t");
  #server: Server | null = null;
  readonly #connections = new Set<Socket>();
  readonly #sockets = new Set<WebSocket>();

  constructor(status: Status, answers: Answers) {
    this.status = status;
    this.answers = answers;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, on the port it had before where it was stopped. */
  async start(): Promise<void> {
    const server = createServer((request, response) => this.#serve(request, response));
    const sockets = new WebSocketServer({ server, path: "/ws" });
    sockets.on("connection", (socket) => this.#connect(socket));
    server.on("connection", (connection) => {
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
    this.#server = server;
    await new Promise<void>((go) => server.listen(this.port, "127.0.0.1", go));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Goes away as a killed daemon does. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    // None comes after this; one that is just becoming a WebSocket is no server's any more.
    const closed = new Promise<void>((go) => server.close(() => go()));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  /** Changes the status and tells every subscriber. */
  push(delta: Partial<Status>): void {
    this.status = { ...this.status, ...delta };
    const message = { jsonrpc: "2.0", method: "status.changed", params: delta };
    for (const socket of this.#sockets) socket.send(JSON.stringify(message));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "POST" && request.url === "/session") {
      this.#trade(request, response);
      return;
    }
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    try {
      const bytes = readFileSync(join(ASSETS, path));
      const own = `ws://127.0.0.1:${this.port}`;
      response.writeHead(200, {
        "content-type": TYPES[extname(path)] ?? "application/octet-stream",
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          `font-src 'self'; connect-src 'self' ${own}; worker-src 'self'`,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  #trade(request: IncomingMessage, response: ServerResponse): void {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { code } = JSON.parse(text) as { code: string };
      const right = code === this.code;
      response.writeHead(right ? 200 : 401, { "content-type": "application/json" });
      const { token, level, trust } = this;
      const session = trust === null ? { token, level } : { token, level, trust };
      response.end(JSON.stringify(right ? session : errorOf(null, "API_CODE")));
    });
  }

  #connect(socket: WebSocket): void {
    socket.on("error", () => socket.terminate());
    socket.once("message", (first: Buffer) => {
      const { token } = JSON.parse(first.toString()) as { token: string };
      if (token !== this.token) {
        socket.send(JSON.stringify(errorOf(null, "API_SESSION")));
        socket.close(4401);
        return;
      }
      socket.send(JSON.stringify({ ok: true, level: this.level }));
      socket.on("message", (text: Buffer) => this.#answer(socket, text.toString()));
    });
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #answer(socket: WebSocket, text: string): void {
    const { id, method, params } = JSON.parse(text) as {
      id: number;
      method: MethodName;
      params: Record<string, unknown>;
    };
    this.calls.push({ method, params });
    if (method === "subscribe") this.#sockets.add(socket);
    const answer = this.answers[method];
    const result = method === "subscribe" ? { status: this.status } : answer?.(params);
    if (result === undefined) return;
    const refused = result instanceof Refused ? errorOf(id, result.code) : null;
    socket.send(JSON.stringify(refused ?? { jsonrpc: "2.0", id, result }));
  }
}

function errorOf(id: number | null, code: string): object {
  const data = { code, facts: {}, next: "Do what the words say." };
  return { jsonrpc: "2.0", id, error: { code: -32_000, message: `Refused (${code}).`, data } };
}
