/**
 * Decides how the page reaches the daemon, the only file that knows: a WebSocket on the address
 * that served it, token first, then the control API. Every answer is checked against the method
 * table before anyone believes it.
 */

import {
  checkAdmitted,
  checkNotification,
  checkResponse,
  checkResult,
} from "../../src-main/contract/control-api/check.ts";
import type {
  MethodName,
  MethodParams,
  MethodResult,
} from "../../src-main/contract/control-api/methods.ts";
import type {
  PageSession as Session,
  SessionLevel as Level,
} from "../../src-main/contract/control-api/page.ts";
import type { StatusDelta } from "../../src-main/contract/control-api/status.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome, Rejection } from "../../src-main/contract/outcome.ts";

/** A refusal with the daemon's own words, which may be newer than the page's. */
export interface Refusal extends Rejection {
  readonly what?: string;
  readonly next?: string;
}

/** What an answer is. */
export type Answer<T> = Outcome<T, Refusal>;

/** What a connection tells. */
export interface LinkNeeds {
  readonly onStatus: (delta: StatusDelta) => void;
  /** The connection has ended by itself. */
  readonly onEnd: () => void;
}

/** How long an answer may take, and how long the first one. */
const CALL_TIMEOUT_MS = 30_000;
const OPEN_TIMEOUT_MS = 5_000;

/** The close code of a token that the daemon does not know (ARCHITECTURE.md section 15). */
const CLOSED_NO_SESSION = 4_401;

/** Calls that may wait at once; the daemon takes 32 of a connection. */
const CALLS_MAX = 24;

interface Waiting {
  readonly method: MethodName;
  readonly settle: (answer: Answer<unknown>) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** One connection to the daemon. */
export class DaemonLink {
  readonly #socket: WebSocket;
  readonly #needs: LinkNeeds;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queued: (() => void)[] = [];
  #nextId = 1;
  #opened: ((word: Level | "gone" | "refused") => void) | null = null;
  #ended = false;

  private constructor(socket: WebSocket, needs: LinkNeeds) {
    this.#socket = socket;
    this.#needs = needs;
  }

  /** Connects and says the token. The level, or why not: the needs' `onEnd` is not called then. */
  static async open(
    session: Session,
    needs: LinkNeeds,
  ): Promise<{ link: DaemonLink; level: Level } | "gone" | "refused"> {
    const address = new URL("/ws", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    const link = new DaemonLink(socket, needs);
    return new Promise((settle) => {
      const timer = setTimeout(() => end("gone"), OPEN_TIMEOUT_MS);
      const end = (why: "gone" | "refused"): void => {
        clearTimeout(timer);
        link.#ended = true;
        socket.close();
        settle(why);
      };
      link.#opened = (word) => {
        link.#opened = null;
        clearTimeout(timer);
        if (word === "gone" || word === "refused") end(word);
        else settle({ link, level: word });
      };
      socket.addEventListener("open", () => {
        socket.send(JSON.stringify({ token: session.token }));
      });
      socket.addEventListener("message", ({ data }) => link.#hear(String(data)));
      socket.addEventListener("close", ({ code }) => {
        if (link.#opened !== null) end(code === CLOSED_NO_SESSION ? "refused" : "gone");
        else link.#end();
      });
    });
  }

  /** Calls a method and checks its answer. Rejects API_CLOSED, API_TIMEOUT, API_RESULT, or what. */
  async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    timeoutMs: number = CALL_TIMEOUT_MS,
  ): Promise<Answer<MethodResult<M>>> {
    if (this.#waiting.size >= CALLS_MAX) await new Promise<void>((go) => this.#queued.push(go));
    if (this.#ended) return reject("API_CLOSED");
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = await new Promise<Answer<unknown>>((settle) => {
      const timer = setTimeout(() => this.#settle(id, reject("API_TIMEOUT")), timeoutMs);
      this.#waiting.set(id, { method, settle, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
    return answer.ok ? checkResult(method, answer.value) : answer;
  }

  /** Ends the connection; nobody is told. */
  close(): void {
    this.#ended = true;
    this.#socket.close();
    this.#refuseAll();
  }

  #hear(text: string): void {
    const message = readJson(text);
    if (this.#opened !== null) {
      const admitted = checkAdmitted(message);
      this.#opened(admitted.ok ? admitted.value.level : refusalOf(message));
      return;
    }
    const notification = checkNotification(message);
    if (notification.ok) {
      this.#needs.onStatus(notification.value.params);
      return;
    }
    const response = checkResponse(message);
    if (!response.ok || typeof response.value.id !== "number") return;
    const { id } = response.value;
    if ("result" in response.value) {
      this.#settle(id, accept(response.value.result));
      return;
    }
    const { data, message: what } = response.value.error;
    const rejection = { code: data.code, facts: data.facts, what, next: data.next };
    this.#settle(id, { ok: false, rejection });
  }

  #settle(id: number, answer: Answer<unknown>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.settle(answer);
    this.#queued.shift()?.();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#refuseAll();
    this.#needs.onEnd();
  }

  #refuseAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, reject("API_CLOSED"));
    for (const go of this.#queued.splice(0)) go();
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether the first word says that the token is unknown; anything else is worth another try. */
function refusalOf(message: unknown): "gone" | "refused" {
  const response = checkResponse(message);
  if (!response.ok || !("error" in response.value)) return "gone";
  return response.value.error.data.code === "API_SESSION" ? "refused" : "gone";
}
