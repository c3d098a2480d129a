/**
 * Decides what the window shows through the daemon's life: it starts the daemon or finds it, opens
 * the page with a code that counts once, says so when the daemon ends, and opens the page anew with
 * a fresh code when it is back. It never starts a second time what the owner has stopped: that
 * takes an act of theirs.
 */

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome, Rejection } from "../contract/outcome.ts";
import type { DaemonLine } from "./daemon-line.ts";
import { originOf, targetIn } from "./origin-rules.ts";
import { workStateIn } from "./work-words.ts";
import type { WorkState } from "./work-words.ts";

/** What a life needs of the world. */
export interface LifeNeeds {
  /** Starts the daemon or finds the one that runs; answers its socket. */
  readonly start: () => Promise<Outcome<string>>;
  readonly connect: (socket: string) => Promise<Outcome<DaemonLine>>;
  /** Text of a file; throws where it cannot be read. */
  readonly readText: (path: string) => Promise<string>;
  readonly after: (ms: number, act: () => void) => () => void;
  readonly show: (shown: Shown) => void;
  readonly onState: (state: WorkState) => void;
}

/** What the window is to show. */
export type Shown =
  | { readonly kind: "starting" }
  | { readonly kind: "page"; readonly origin: string; readonly url: string }
  | { readonly kind: "failure"; readonly rejection: Rejection };

/** A daemon that is only restarted is back within this; the page says "offline" meanwhile. */
export const RETURN_WITHIN_MS = 5_000;

/** How often a daemon that has gone is looked for: a look is one refused connection. */
export const LOOK_INTERVAL_MS = 1_000;

/** The window's side of one daemon. */
export class WindowLife {
  readonly #needs: LifeNeeds;
  #socket = "";
  #line: DaemonLine | null = null;
  #state: WorkState = "stopped";
  #timers: (() => void)[] = [];
  /** Counts the beginnings, so that an answer to an earlier one changes nothing. */
  #turn = 0;

  constructor(needs: LifeNeeds) {
    this.#needs = needs;
  }

  get state(): WorkState {
    return this.#state;
  }

  /** Starts or finds the daemon and opens its page. */
  async begin(): Promise<void> {
    if (this.#state === "starting" || this.#line !== null) return;
    const turn = this.#newTurn();
    this.#turnTo("starting");
    this.#needs.show({ kind: "starting" });
    const started = await this.#needs.start();
    if (turn !== this.#turn) return;
    if (started.ok) this.#socket = started.value;
    const entered = started.ok ? await this.#enter(turn) : started;
    if (turn !== this.#turn || entered.ok) return;
    this.#turnTo("stopped");
    this.#needs.show({ kind: "failure", rejection: entered.rejection });
  }

  /** Opens the page again with a fresh code. */
  async reopen(): Promise<void> {
    const line = this.#line;
    if (line === null) return;
    const opened = await this.#openPage(line);
    if (!opened.ok && this.#line === line) {
      this.#needs.show({ kind: "failure", rejection: opened.rejection });
    }
  }

  /** Ends the daemon; work in hand is kept. Resolves when it has been told. */
  async stopWork(): Promise<Outcome<void>> {
    if (this.#line === null) return accept(undefined);
    const answered = await this.#line.call("shutdown", {});
    return answered.ok ? accept(undefined) : answered;
  }

  /** Ends the window's side; the daemon goes on. */
  end(): void {
    this.#newTurn();
    this.#line?.close();
    this.#line = null;
  }

  async #enter(turn: number): Promise<Outcome<void>> {
    const connected = await this.#needs.connect(this.#socket);
    if (!connected.ok) return connected;
    const line = connected.value;
    if (turn !== this.#turn) {
      line.close();
      return accept(undefined);
    }
    this.#line = line;
    line.onClose(() => this.#lose());
    line.onStatus((changed) => this.#turnTo(workStateIn(changed) ?? this.#state));
    const opened = await this.#openPage(line);
    const subscribed = opened.ok ? await line.call("subscribe", { topic: "status" }) : opened;
    if (this.#line !== line) return accept(undefined);
    if (!subscribed.ok) {
      this.#line = null;
      line.close();
      return subscribed;
    }
    const status = subscribed.value["status"];
    const state = typeof status === "object" && status !== null ? workStateIn({ ...status }) : null;
    this.#turnTo(state ?? "idle");
    return accept(undefined);
  }

  async #openPage(line: DaemonLine): Promise<Outcome<void>> {
    const answered = await line.call("page.open", { level: "spend" });
    if (!answered.ok) return answered;
    const { address, file } = answered.value;
    if (typeof address !== "string" || typeof file !== "string") return reject("SHELL_ANSWER");
    const origin = originOf(address);
    if (origin === null) return reject("SHELL_ANSWER", { address: address.slice(0, 128) });
    let text: string;
    try {
      text = await this.#needs.readText(file);
    } catch (error) {
      return reject("SHELL_ANSWER", { reason: error instanceof Error ? error.message : "file" });
    }
    const url = targetIn(text, address);
    if (url === null) return reject("SHELL_ANSWER", { reason: "the file leads elsewhere" });
    this.#needs.show({ kind: "page", origin, url });
    return accept(undefined);
  }

  #lose(): void {
    this.#line = null;
    const turn = this.#newTurn();
    this.#turnTo("stopped");
    this.#later(RETURN_WITHIN_MS, () => {
      this.#needs.show({ kind: "failure", rejection: { code: "SHELL_DAEMON_ENDED" } });
    });
    this.#lookAgain(turn);
  }

  #lookAgain(turn: number): void {
    this.#later(LOOK_INTERVAL_MS, () => {
      void this.#enter(turn).then((entered) => {
        if (turn !== this.#turn) return;
        if (entered.ok) this.#callOff();
        else this.#lookAgain(turn);
      });
    });
  }

  #later(ms: number, act: () => void): void {
    this.#timers.push(this.#needs.after(ms, act));
  }

  #callOff(): void {
    for (const callOff of this.#timers.splice(0)) callOff();
  }

  #newTurn(): number {
    this.#callOff();
    this.#turn += 1;
    return this.#turn;
  }

  #turnTo(state: WorkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#needs.onState(state);
  }
}
