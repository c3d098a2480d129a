/**
 * Decides how one WebSocket of the page is served: it says its session first and soon, then calls
 * as on the owner's socket within that session's level.
 */

import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";

import { checkTokenMessage } from "../../contract/control-api/index.ts";
import type { SessionLevel } from "../../contract/control-api/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ConnectionNeeds } from "../answer-call.ts";
import { errorResponse } from "../error-response.ts";
import { PING_INTERVAL_MS, TOKEN_WITHIN_MS, UNREAD_BYTES_MAX } from "../limits.ts";
import { readJson } from "../message-lines.ts";
import { RpcPeer } from "../rpc-peer.ts";
import { levelRefusal } from "./level-check.ts";
import type { PageSessions } from "./sessions.ts";

/** Why the server ends a WebSocket; 4000 and above are ours to give. */
export const CLOSE = { GOING: 1001, NOT_TEXT: 1003, NO_SESSION: 4401, LATE: 4408 } as const;

/** What a WebSocket is served with. */
export interface PageSocketNeeds extends ConnectionNeeds {
  readonly sessions: PageSessions;
  readonly clock: Pick<Clock, "after">;
  /** Asked when a session was named: whether one more may be served. */
  readonly hasRoom: () => boolean;
}

/** One WebSocket from its opening to its end. */
export class PageSocket {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #needs: PageSocketNeeds;
  #peer: RpcPeer | null = null;
  #cancelTimer: () => void;
  #answersPings = true;

  constructor(socket: WebSocket, stream: Duplex, needs: PageSocketNeeds) {
    this.#socket = socket;
    this.#stream = stream;
    this.#needs = needs;
    this.#cancelTimer = needs.clock.after(TOKEN_WITHIN_MS, () => {
      this.#refuse("API_TOKEN_LATE", CLOSE.LATE);
    });
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("pong", () => (this.#answersPings = true));
    // Too large a message, a broken frame: the library closes with the right number itself.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#closed());
    stream.on("drain", () => this.#peer?.poke());
  }

  /** Whether it still has to say its session. */
  get isWaiting(): boolean {
    return this.#peer === null;
  }

  /** The daemon ends. */
  end(): void {
    this.#peer?.close();
    this.#socket.close(CLOSE.GOING);
  }

  /** Ends at once. */
  destroy(): void {
    this.#socket.terminate();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) {
      this.#socket.close(CLOSE.NOT_TEXT);
      return;
    }
    const text = textOf(data);
    if (this.#peer === null) this.#admit(text);
    else this.#peer.take(text);
  }

  #admit(text: string): void {
    const message = checkTokenMessage(readJson(text));
    const { sessions } = this.#needs;
    const level = message.ok ? sessions.levelOf(message.value.token) : undefined;
    if (!message.ok || level === undefined) {
      this.#refuse("API_SESSION", CLOSE.NO_SESSION);
      return;
    }
    if (!this.#needs.hasRoom()) {
      this.#refuse("API_CONNECTIONS", CLOSE.NO_SESSION);
      return;
    }
    this.#cancelTimer();
    this.#cancelTimer = this.#needs.clock.after(PING_INTERVAL_MS, () => this.#ping());
    this.#peer = this.#makePeer(message.value.token, level);
    this.#send(JSON.stringify({ ok: true, level }));
  }

  #makePeer(token: string, level: SessionLevel): RpcPeer {
    const outlet = {
      send: (text: string) => this.#send(text),
      isBehind: () => this.#stream.destroyed || this.#stream.writableNeedDrain,
    };
    // A session that gave way to newer ones ends for its open connections too.
    return new RpcPeer(this.#needs, outlet, (method) =>
      this.#needs.sessions.levelOf(token) === undefined
        ? { code: "API_SESSION" }
        : levelRefusal(level, method),
    );
  }

  #ping(): void {
    if (!this.#answersPings) {
      this.#socket.terminate();
      return;
    }
    this.#answersPings = false;
    this.#socket.ping();
    this.#cancelTimer = this.#needs.clock.after(PING_INTERVAL_MS, () => this.#ping());
  }

  #refuse(code: "API_CONNECTIONS" | "API_SESSION" | "API_TOKEN_LATE", closeCode: number): void {
    this.#send(JSON.stringify(errorResponse(null, { code })));
    this.#socket.close(closeCode, code);
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.#socket.terminate();
  }

  #closed(): void {
    this.#cancelTimer();
    this.#peer?.close();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.from(data as Buffer).toString("utf8");
}
