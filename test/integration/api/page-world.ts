/** A page's server on a real port with no daemon behind it, and ways to call it as anyone could. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { WebSocket } from "ws";

import { systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { PageDoor, PageFiles, pageHandlers, startPageServer } from "../../../src-main/api/index.ts";
import type { Handlers, PageServer } from "../../../src-main/api/index.ts";
import { checkSession } from "../../../src-main/contract/control-api/index.ts";
import type { SessionLevel } from "../../../src-main/contract/control-api/index.ts";
import { fakeNeeds } from "./fake-handlers.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as any program can make it. */
export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** A clock whose timers run when a test says so. */
export class HandClock {
  #nowMs = 1_000_000;
  readonly #timers = new Map<object, { readonly dueMs: number; readonly action: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const key = {};
    this.#timers.set(key, { dueMs: this.#nowMs + delayMs, action });
    return () => this.#timers.delete(key);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [key, { dueMs, action }] of [...this.#timers]) {
      if (dueMs > this.#nowMs || !this.#timers.delete(key)) continue;
      action();
    }
  }
}

/** A served page. */
export class PageWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "vivian-page-"));
  readonly clock = new HandClock();
  readonly fake: ReturnType<typeof fakeNeeds>;
  readonly door: PageDoor;
  server!: PageServer;

  constructor(overrides: Partial<Handlers> = {}) {
    const needs = { clock: this.clock, entropy: systemEntropy, folder: this.folder };
    this.door = new PageDoor(needs);
    this.fake = fakeNeeds({ ...pageHandlers(this.door), ...overrides });
  }

  /** Listens. `files` is the folder of a built page. */
  async start(files = join(this.folder, "none")): Promise<this> {
    const started = await startPageServer(0, {
      ...this.fake.needs,
      sessions: this.door.sessions,
      files: new PageFiles(files),
      metrics: () => Promise.resolve({ miner_state: [{ labels: { state: "idle" }, value: 1 }] }),
      clock: this.clock,
    });
    if (!started.ok) throw new Error(started.rejection.code);
    this.server = started.value;
    this.door.opensTo(this.server.address);
    return this;
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  async stop(): Promise<void> {
    this.door.close();
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A code as the owner's browser finds it in the file. */
  code(level: SessionLevel = "operate"): string {
    return codeIn(this.door.open(level).file);
  }

  ask(asked: Asked): Promise<Answer> {
    return ask(this.server.port, asked);
  }

  /** A request as the page itself makes it; `headers` may spoil it. */
  post(path: string, body: unknown, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const own = { host: this.host, origin: this.origin, "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.ask({ method: "POST", path, headers: { ...own, ...headers }, body: text });
  }

  /** A session's token. */
  async token(level: SessionLevel = "operate"): Promise<string> {
    const answer = await this.post("/session", { code: this.code(level) });
    const session = checkSession(JSON.parse(answer.text));
    if (!session.ok) throw new Error(answer.text);
    return session.value.token;
  }

  /** A WebSocket; `headers` may spoil its provenance. */
  webSocket(headers: Record<string, string> = {}, path = "/ws"): Listened {
    const own = { origin: this.origin };
    return new Listened(`ws://${this.host}${path}`, { ...own, ...headers });
  }
}

/** The code in a redirect file. */
export function codeIn(file: string): string {
  return /#code=([A-Za-z0-9_-]{43})"/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
}

/** Makes a request to a port of this machine. */
export function ask(port: number, { method, path, headers, body }: Asked): Promise<Answer> {
  return new Promise((resolve, fail) => {
    const options = { host: "127.0.0.1", port, method: method ?? "GET", path: path ?? "/" };
    const sent = request({ ...options, headers: headers ?? {}, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", fail);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    // A server that refuses a long body answers and hangs up while it is still being sent.
    sent.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") fail(error);
    });
    sent.end(body);
  });
}

/** A WebSocket that keeps what it hears. */
export class Listened {
  readonly socket: WebSocket;
  readonly heard: unknown[] = [];
  /** Close code, or the HTTP status that refused the opening. */
  readonly ended: Promise<number>;
  readonly opened: Promise<boolean>;
  readonly #waiters = new Set<() => void>();

  constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers });
    let refused = 0;
    this.socket.on("message", (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()));
      for (const wake of this.#waiters) wake();
    });
    this.socket.on("error", () => undefined);
    this.socket.on("unexpected-response", (_, response) => {
      refused = response.statusCode ?? 0;
      response.resume();
      this.socket.terminate();
    });
    this.opened = new Promise((resolve) => {
      this.socket.on("open", () => resolve(true));
      this.socket.on("close", () => resolve(false));
    });
    this.ended = new Promise((resolve) => {
      this.socket.on("close", (code) => resolve(refused === 0 ? code : refused));
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first `count` messages heard. */
  async hears(count: number): Promise<unknown[]> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
    return this.heard.slice(0, count);
  }

  /** Opens and says a token. */
  async admitted(token: string): Promise<this> {
    await this.opened;
    this.say({ token });
    await this.hears(1);
    return this;
  }
}
