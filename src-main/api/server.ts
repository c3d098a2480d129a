/**
 * Decides who may listen on a data folder's control socket and how many may connect. A socket left
 * behind by a killed daemon is replaced; one that answers is left alone.
 */

import { chmodSync, unlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";

import { accept, Fault, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { Connection } from "./connection.ts";
import type { ConnectionNeeds } from "./answer-call.ts";
import { errorResponse } from "./error-response.ts";
import { CLOSE_GRACE_MS, CONNECTIONS_MAX } from "./limits.ts";
import { socketAnswers } from "./socket-answers.ts";

/** A listening control socket. */
export interface ControlServer {
  readonly path: string;
  /** Stops listening, lets open connections read their last answers, then ends them. */
  close(): Promise<void>;
}

/**
 * Listens on the control socket.
 * @rejects API_SOCKET_IN_USE when a living daemon answers there
 * @rejects API_SOCKET_FAILED when the system refuses the address
 */
export async function startControlServer(
  path: string,
  needs: ConnectionNeeds,
): Promise<Outcome<ControlServer>> {
  if (await socketAnswers(path)) return reject("API_SOCKET_IN_USE", { socket: path });
  const connections = new Set<Connection>();
  const server = createServer((socket) => admit(socket, connections, needs));
  try {
    removeStaleSocket(path);
    await listen(server, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (code === "EADDRINUSE") return reject("API_SOCKET_IN_USE", { socket: path });
    return reject("API_SOCKET_FAILED", { socket: path, reason: code });
  }
  return accept({ path, close: () => closeServer(server, connections) });
}

function admit(socket: Socket, connections: Set<Connection>, needs: ConnectionNeeds): void {
  if (connections.size >= CONNECTIONS_MAX) {
    const facts = { connectionsMax: CONNECTIONS_MAX };
    socket.on("error", () => socket.destroy());
    socket.end(`${JSON.stringify(errorResponse(null, { code: "API_CONNECTIONS", facts }))}\n`);
    socket.resume();
    return;
  }
  const connection = new Connection(socket, needs);
  connections.add(connection);
  socket.on("close", () => connections.delete(connection));
}

/** Nobody answers there, so what lies there was left by a daemon that did not end cleanly. */
function removeStaleSocket(path: string): void {
  if (process.platform === "win32") return;
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The folder is the owner's alone already; the mode keeps it so where folders are shared. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, fail) => {
    server.once("error", fail);
    const umask = process.platform === "win32" ? 0 : process.umask(0o177);
    server.listen(path, () => {
      server.off("error", fail);
      server.on("error", () => undefined);
      try {
        if (process.platform !== "win32") chmodSync(path, 0o600);
        resolve();
      } catch (error) {
        fail(new Fault("API_SOCKET_FAILED", "the socket's mode was refused", {}, error));
      }
    });
    if (process.platform !== "win32") process.umask(umask);
  });
}

async function closeServer(server: Server, connections: Set<Connection>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of connections) connection.end();
  const timer = setTimeout(() => {
    for (const connection of connections) connection.destroy();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
