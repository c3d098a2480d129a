/**
 * Decides how the window speaks with the daemon: JSON-RPC 2.0 on the owner's socket, one message
 * per line (ARCHITECTURE.md section 15). It needs three calls and one notification, and believes
 * nothing else.
 */

import type { Duplex } from "node:stream";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { plainFacts } from "./daemon-program.ts";

/** The control API's own limit of a message. */
const LINE_BYTES_MAX = 1024 * 1024;

/** How long a call may take: longer means that the daemon hangs. */
const CALL_TIMEOUT_MS = 15_000;

/** Calls that wait at once; the window makes them one after another. */
const WAITING_MAX = 8;

type Document = Partial<Record<string, unknown>>;

/** What a line is made with. */
export interface LineNeeds {
  /** Calls back later; answers how to call that off. */
  readonly after: (ms: number, act: () => void) => () => void;
}

interface Waiting {
  readonly settle: (outcome: Outcome<Document>) => void;
  readonly callOff: () => void;
}

/** One connection to the daemon. */
export class DaemonLine {
  readonly #stream: Duplex;
  readonly #needs: LineNeeds;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #text = "";
  #isOpen = true;
  #onClose: () => void = () => undefined;
  #onStatus: (changed: Document) => void = () => undefined;

  constructor(stream: Duplex, needs: LineNeeds) {
    this.#stream = stream;
    this.#needs = needs;
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => this.#take(chunk));
    stream.on("error", () => this.#end());
    stream.on("close", () => this.#end());
    stream.on("end", () => this.#end());
  }

  /** Hears once that the connection has ended by itself. */
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** Hears the changed fields of the status. */
  onStatus(listener: (changed: Document) => void): void {
    this.#onStatus = listener;
  }

  /**
   * Calls a method.
   * @rejects the daemon's code; SHELL_DAEMON where it does not answer; SHELL_ANSWER
   */
  call(method: string, params: Readonly<Record<string, unknown>>): Promise<Outcome<Document>> {
    if (!this.#isOpen || this.#waiting.size >= WAITING_MAX) {
      return Promise.resolve(reject("SHELL_DAEMON"));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((settle) => {
      const callOff = this.#needs.after(CALL_TIMEOUT_MS, () =>
        this.#settle(id, reject("SHELL_DAEMON")),
      );
      this.#waiting.set(id, { settle, callOff });
      this.#stream.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  }

  /** Hangs up; nobody is told. */
  close(): void {
    this.#onClose = () => undefined;
    this.#end();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) this.#hear(line);
    if (this.#text.length > LINE_BYTES_MAX) this.#end();
  }

  #hear(line: string): void {
    const message = readDocument(line);
    if (message["method"] === "status.changed") {
      this.#onStatus(asDocument(message["params"]));
      return;
    }
    const { id, error } = message as { id?: unknown; error?: unknown };
    if (typeof id !== "number") return;
    if (error === undefined) {
      this.#settle(id, accept(asDocument(message["result"])));
      return;
    }
    const data = asDocument(asDocument(error)["data"]);
    const code = data["code"];
    const refusal =
      typeof code === "string" ? reject(code, plainFacts(data["facts"])) : reject("SHELL_ANSWER");
    this.#settle(id, refusal);
  }

  #settle(id: number, outcome: Outcome<Document>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.callOff();
    waiting.settle(outcome);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream.destroy();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, reject("SHELL_DAEMON"));
    this.#onClose();
  }
}

function readDocument(line: string): Document {
  try {
    return asDocument(JSON.parse(line));
  } catch {
    return {};
  }
}

function asDocument(value: unknown): Document {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
