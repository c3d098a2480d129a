/** A stand-in for the daemon's socket: answers the window's calls and hangs up when told to. */

import { Duplex } from "node:stream";

import { accept } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { DaemonLine } from "../../src-main/shell/daemon-line.ts";

type Answer = { readonly result: unknown } | { readonly error: unknown } | null;

/** A code as the daemon makes them. */
export const CODE = "A".repeat(43);

/** A daemon that listens at an address. */
export class DaemonStandIn {
  readonly calls: string[] = [];
  address = "http://127.0.0.1:4100/";
  /** Where the redirect file leads. */
  target = `${this.address}#code=${CODE}`;
  state = "idle";
  answers: Readonly<Record<string, Answer>> = {};
  #stream: Duplex | null = null;

  /** Connects a line as the window does. */
  connect(after: (ms: number, act: () => void) => () => void): Promise<Outcome<DaemonLine>> {
    const stream: Duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        for (const text of chunk.toString("utf8").trim().split("\n")) this.#take(text);
        done();
      },
    });
    this.#stream = stream;
    return Promise.resolve(accept(new DaemonLine(stream, { after })));
  }

  readText(): Promise<string> {
    return Promise.resolve(`<meta http-equiv="refresh" content="0; url=${this.target}">`);
  }

  /** Sends a line as it stands. */
  says(text: string): void {
    this.saysWithoutEnd(`${text}\n`);
  }

  /** Sends a piece of a line. */
  saysWithoutEnd(text: string): void {
    this.#stream?.push(text);
  }

  changes(state: string): void {
    this.says(
      JSON.stringify({ jsonrpc: "2.0", method: "status.changed", params: { mine: { state } } }),
    );
  }

  /** The daemon is gone. */
  hangsUp(): void {
    this.#stream?.destroy();
    this.#stream = null;
  }

  #take(text: string): void {
    const { id, method } = JSON.parse(text) as { id: number; method: string };
    this.calls.push(method);
    const answer = Object.hasOwn(this.answers, method) ? this.answers[method] : this.#usual(method);
    if (answer !== null) this.says(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  }

  #usual(method: string): Answer {
    if (method === "page.open") return { result: { address: this.address, file: "redirect" } };
    if (method === "subscribe") return { result: { status: { mine: { state: this.state } } } };
    return { result: { stopping: true, pid: 1 } };
  }
}

/** Time that stands still until it is moved. */
export class StillTime {
  #waiting: { at: number; act: () => void }[] = [];
  #now = 0;

  readonly after = (ms: number, act: () => void): (() => void) => {
    const one = { at: this.#now + ms, act };
    this.#waiting.push(one);
    return () => (this.#waiting = this.#waiting.filter((other) => other !== one));
  };

  /** Moves on, and lets what was waiting for it happen in order. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#waiting
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)
        .at(0);
      if (next === undefined) break;
      this.#now = next.at;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      next.act();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets streams and promises come to rest. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((go) => setImmediate(go));
}
