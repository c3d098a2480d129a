/**
 * Decides how a program calls the daemon: one connection, answers matched by id and checked
 * against the method table before anyone believes them.
 */

import type { Socket } from "node:net";

import { checkNotification, checkResponse, checkResult } from "../contract/control-api/index.ts";
import type {
  MethodName,
  MethodParams,
  MethodResult,
  RpcResponse,
  StatusDelta,
} from "../contract/control-api/index.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome, Rejection } from "../contract/outcome.ts";
import { CALL_TIMEOUT_MS } from "./limits.ts";
import { MessageLines, readJson } from "./message-lines.ts";
import { openSocket } from "./socket-answers.ts";

/** A refusal by the daemon, with its own words: it may be newer than this program. */
export interface RemoteRejection extends Rejection {
  readonly what?: string;
  readonly next?: string;
}

/** What an answer is: the value, or the daemon's refusal. */
export type CallOutcome<T> = Outcome<T, RemoteRejection>;

interface Waiting {
  readonly settle: (outcome: CallOutcome<unknown>) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Connects to a daemon.
 * @rejects API_UNREACHABLE when nobody answers there
 */
export async function connectControl(path: string): Promise<Outcome<ControlClient>> {
  const socket = await openSocket(path);
  if (socket === null) return reject("API_UNREACHABLE", { socket: path });
  return accept(new ControlClient(socket));
}

/** A connection to a daemon. */
export class ControlClient {
  readonly #socket: Socket;
  readonly #lines = new MessageLines();
  readonly #waiting = new Map<number, Waiting>();
  readonly #statusListeners = new Set<(delta: StatusDelta) => void>();
  readonly #closeListeners = new Set<() => void>();
  #nextId = 1;
  #refusal: RemoteRejection = { code: "API_CLOSED" };

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#closed());
  }

  /**
   * Calls a method and checks its answer.
   * @rejects API_TIMEOUT, API_CLOSED, API_RESULT, or what the daemon refuses with
   */
  async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    timeoutMs: number = CALL_TIMEOUT_MS,
  ): Promise<CallOutcome<MethodResult<M>>> {
    if (this.#socket.destroyed) return { ok: false, rejection: this.#refusal };
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = await new Promise<CallOutcome<unknown>>((settle) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        settle(reject("API_TIMEOUT", { method, afterMs: timeoutMs }));
      }, timeoutMs);
      this.#waiting.set(id, { settle, timer });
      this.#socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
    return answer.ok ? checkResult(method, answer.value) : answer;
  }

  /** Hears the changed fields of the status once `subscribe` has been called. */
  onStatus(listener: (delta: StatusDelta) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /** Hears that the connection has ended, from whichever side. */
  onClose(listener: () => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** Ends the connection; calls that wait are refused. */
  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const lines = this.#lines.take(chunk);
    if (lines === null) {
      this.#refusal = { code: "API_MESSAGE_SIZE" };
      this.#socket.destroy();
      return;
    }
    for (const line of lines) this.#hear(readJson(line));
  }

  #hear(message: unknown): void {
    const notification = checkNotification(message);
    if (notification.ok) {
      for (const listener of this.#statusListeners) listener(notification.value.params);
      return;
    }
    const response = checkResponse(message);
    if (!response.ok) {
      this.#refusal = response.rejection;
      this.#socket.destroy();
      return;
    }
    this.#settle(response.value);
  }

  #settle(response: RpcResponse): void {
    const outcome = outcomeOf(response);
    if (typeof response.id !== "number") {
      // Said to nobody in particular: why this connection is about to be closed.
      if (!outcome.ok) this.#refusal = outcome.rejection;
      return;
    }
    const waiting = this.#waiting.get(response.id);
    if (waiting === undefined) return;
    this.#waiting.delete(response.id);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  #closed(): void {
    for (const { settle, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      settle({ ok: false, rejection: this.#refusal });
    }
    this.#waiting.clear();
    for (const listener of this.#closeListeners) listener();
  }
}

function outcomeOf(response: RpcResponse): CallOutcome<unknown> {
  if ("result" in response) return accept(response.result);
  const { message, data } = response.error;
  return {
    ok: false,
    rejection: { code: data.code, facts: data.facts, what: message, next: data.next },
  };
}
