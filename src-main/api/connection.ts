/**
 * Decides how one program on the owner's socket is served: one message per line, every method
 * allowed, and nothing a client sends can end the daemon.
 */

import type { Socket } from "node:net";

import type { ConnectionNeeds } from "./answer-call.ts";
import { errorResponse } from "./error-response.ts";
import { MESSAGE_BYTES_MAX, UNREAD_BYTES_MAX } from "./limits.ts";
import { MessageLines } from "./message-lines.ts";
import { RpcPeer } from "./rpc-peer.ts";

/** Serves one client until either side ends the connection. */
export class Connection {
  readonly #socket: Socket;
  readonly #peer: RpcPeer;
  readonly #lines = new MessageLines();

  constructor(socket: Socket, needs: ConnectionNeeds) {
    this.#socket = socket;
    const outlet = {
      send: (text: string) => this.#send(text),
      isBehind: () => socket.destroyed || socket.writableNeedDrain,
    };
    // Only the owner can open the socket's file, so whoever is connected may do everything.
    this.#peer = new RpcPeer(needs, outlet, () => null);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#peer.poke());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#peer.close());
  }

  /** Sends what is answered already and ends. */
  end(): void {
    this.#peer.close();
    this.#socket.end();
  }

  /** Ends at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const lines = this.#lines.take(chunk);
    if (lines === null) {
      const facts = { bytesMax: MESSAGE_BYTES_MAX };
      this.#send(JSON.stringify(errorResponse(null, { code: "API_MESSAGE_SIZE", facts })));
      this.#socket.removeAllListeners("data");
      this.#socket.resume();
      this.#socket.end();
      return;
    }
    for (const line of lines) if (line.trim() !== "") this.#peer.take(line);
  }

  #send(text: string): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(`${text}\n`);
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) this.#socket.destroy();
  }
}
