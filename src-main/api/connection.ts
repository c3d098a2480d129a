/**
 * Decides how one client is served: each line is a request, each request gets exactly one answer,
 * nothing a client sends can end the daemon.
 */

import type { Socket } from "node:net";

import {
  checkParams,
  checkRequest,
  checkResult,
  isMethodName,
} from "../contract/control-api/index.ts";
import type {
  MethodName,
  RpcId,
  RpcNotification,
  RpcResponse,
} from "../contract/control-api/index.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { errorResponse, rejectionOf } from "./error-response.ts";
import type { Handler, HandledMethod, Handlers, StatusFeed } from "./handlers.ts";
import { MESSAGE_BYTES_MAX, PENDING_CALLS_MAX, UNREAD_BYTES_MAX } from "./limits.ts";
import { MessageLines, readJson } from "./message-lines.ts";
import { StatusSubscription } from "./status-subscription.ts";

/** What a connection answers from. */
export interface ConnectionNeeds {
  readonly handlers: Handlers;
  readonly feed: StatusFeed;
  /** Told of faults that a handler threw; the client gets the code only. */
  readonly onFault: (method: string, error: unknown) => void;
}

/** Serves one client until either side ends the connection. */
export class Connection {
  readonly #socket: Socket;
  readonly #needs: ConnectionNeeds;
  readonly #lines = new MessageLines();
  #pending = 0;
  #subscription: StatusSubscription | null = null;

  constructor(socket: Socket, needs: ConnectionNeeds) {
    this.#socket = socket;
    this.#needs = needs;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#subscription?.poke());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#subscription?.close());
  }

  /** Sends what is answered already and ends. */
  end(): void {
    this.#subscription?.close();
    this.#socket.end();
  }

  /** Ends at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const lines = this.#lines.take(chunk);
    if (lines === null) {
      this.#send(
        errorResponse(null, { code: "API_MESSAGE_SIZE", facts: { bytesMax: MESSAGE_BYTES_MAX } }),
      );
      this.#socket.removeAllListeners("data");
      this.#socket.resume();
      this.#socket.end();
      return;
    }
    for (const line of lines) if (line.trim() !== "") void this.#answer(line);
  }

  async #answer(line: string): Promise<void> {
    const message = readJson(line);
    if (message === undefined) {
      this.#send(errorResponse(null, { code: "API_PARSE" }));
      return;
    }
    const request = checkRequest(message);
    if (!request.ok) {
      this.#send(errorResponse(null, request.rejection));
      return;
    }
    const { id, method, params } = request.value;
    if (this.#pending >= PENDING_CALLS_MAX) {
      const facts = { callsMax: PENDING_CALLS_MAX };
      this.#send(errorResponse(id, { code: "API_PENDING", facts }));
      return;
    }
    this.#pending += 1;
    const outcome = await this.#call(method, params);
    this.#pending -= 1;
    this.#send(this.#responseOf(id, outcome));
  }

  async #call(method: string, params: unknown): Promise<Outcome<unknown>> {
    if (!isMethodName(method)) return reject("API_METHOD", { method: method.slice(0, 64) });
    const checked = checkParams(method, params);
    if (!checked.ok) return checked;
    try {
      const answer = await this.#handle(method, checked.value);
      return answer.ok ? checkResult(method, answer.value) : answer;
    } catch (error) {
      this.#needs.onFault(method, error);
      return { ok: false, rejection: rejectionOf(error) };
    }
  }

  async #handle(method: MethodName, params: unknown): Promise<Outcome<unknown>> {
    if (method !== "subscribe") {
      // The table pairs each method with its own parameters; the pairing was checked just before.
      const handler = this.#needs.handlers[method] as Handler<HandledMethod>;
      return handler(params as Parameters<typeof handler>[0]);
    }
    const status = await this.#needs.feed.current();
    this.#subscription?.close();
    this.#subscription = new StatusSubscription(this.#needs.feed, status, (notification) =>
      this.#notify(notification),
    );
    return accept({ status });
  }

  #responseOf(id: RpcId, outcome: Outcome<unknown>): RpcResponse {
    if (!outcome.ok) return errorResponse(id, outcome.rejection);
    return { jsonrpc: "2.0", id, result: outcome.value };
  }

  #notify(notification: RpcNotification): boolean {
    if (this.#socket.destroyed || this.#socket.writableNeedDrain) return false;
    this.#socket.write(`${JSON.stringify(notification)}\n`);
    return true;
  }

  #send(response: RpcResponse): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    let text = JSON.stringify(response);
    if (Buffer.byteLength(text) > MESSAGE_BYTES_MAX) {
      const facts = { bytesMax: MESSAGE_BYTES_MAX };
      text = JSON.stringify(errorResponse(response.id, { code: "API_MESSAGE_SIZE", facts }));
    }
    this.#socket.write(`${text}\n`);
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) this.#socket.destroy();
  }
}
