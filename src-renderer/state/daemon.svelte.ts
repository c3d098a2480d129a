/**
 * Decides what the page knows of the daemon: whether it answers, what it says of itself, and what
 * happens when it goes away. Lost connections are tried again by themselves, later each time.
 */

import type {
  MethodName,
  MethodParams,
  MethodResult,
} from "../../src-main/contract/control-api/methods.ts";
import type { SessionLevel } from "../../src-main/contract/control-api/page.ts";
import type { Status, StatusDelta } from "../../src-main/contract/control-api/status.ts";
import { reject } from "../../src-main/contract/outcome.ts";
import { DaemonLink } from "../bridge/daemon-link.ts";
import type { Answer } from "../bridge/daemon-link.ts";
import { forgetSession, keptSession, openSession, takeCode } from "../bridge/session.ts";

/** How the page stands with the daemon. */
export type LinkState =
  | "opening" // the first connection is being made
  | "open"
  | "lost" // it does not answer; tried again by itself
  | "no-session" // opened without a code
  | "ended"; // the daemon does not know this session (any more)

const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Progress alone is shown this often: calm for the eye, cheap for the machine. */
const SHOW_INTERVAL_MS = 2_000;

/** The daemon as the page knows it. */
export class Daemon {
  link = $state<LinkState>("opening");
  level = $state<SessionLevel>("view");
  status = $state.raw<Status | null>(null);
  /** Why a session was refused, as a code. */
  refusal = $state("");
  /** When the connection was lost; 0 while there is none to miss. */
  lostAtMs = $state(0);
  /** When the next try begins; 0 while one is under way. */
  retryAtMs = $state(0);

  readonly #deltas = new Set<(status: Status) => void>();
  readonly #shows = new Set<() => void>();
  #connection: DaemonLink | null = null;
  #code: string | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #showTimer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #shownMs = 0;
  #newest: Status | null = null;

  /** Opens the first connection, and again whenever a new code comes into the address. */
  async open(): Promise<void> {
    addEventListener("hashchange", () => void this.#takeNewCode());
    this.#code = takeCode();
    await this.#connect();
  }

  /** True where the session may start and stop work. */
  get mayOperate(): boolean {
    return this.level !== "view";
  }

  /** True where the session may pay, with a password each time. */
  get maySpend(): boolean {
    return this.level === "spend";
  }

  /** Calls the daemon; rejects API_CLOSED while it does not answer. */
  async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    timeoutMs?: number,
  ): Promise<Answer<MethodResult<M>>> {
    const connection = this.#connection;
    return connection === null ? reject("API_CLOSED") : connection.call(method, params, timeoutMs);
  }

  /** Hears every status, also those between two that are shown. */
  onStatus(listener: (status: Status) => void): () => void {
    this.#deltas.add(listener);
    return () => this.#deltas.delete(listener);
  }

  /** Hears when a status is about to be shown. */
  onShow(listener: () => void): void {
    this.#shows.add(listener);
  }

  /** Tries now instead of later. */
  retry(): void {
    if (this.link === "lost") void this.#connect();
  }

  async #takeNewCode(): Promise<void> {
    const code = takeCode();
    if (code === null) return;
    this.#code = code;
    this.#tries = 0;
    this.#connection?.close();
    this.#connection = null;
    this.link = "opening";
    await this.#connect();
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.retryAtMs = 0;
    const session = await openSession(this.#code);
    switch (session.kind) {
      case "none":
        this.link = "no-session";
        return;
      case "refused":
        this.#code = null;
        // A code that was used before, come back to, ends no session that stands.
        if (keptSession() !== null) return this.#connect();
        this.#end(session.code);
        return;
      case "unreachable":
        this.#later();
        return;
      case "session":
        this.#code = null;
    }
    const opened = await DaemonLink.open(session.session, {
      onStatus: (delta) => this.#take(delta),
      onEnd: () => this.#lose(),
    });
    if (opened === "gone") return this.#later();
    if (opened === "refused") return this.#end("API_SESSION");
    this.#connection = opened.link;
    const subscribed = await opened.link.call("subscribe", { topic: "status" });
    if (!subscribed.ok) {
      opened.link.close();
      this.#connection = null;
      return this.#later();
    }
    this.#tries = 0;
    this.level = opened.level;
    this.#show(subscribed.value.status);
    this.link = "open";
  }

  #lose(): void {
    this.#connection = null;
    this.lostAtMs = Date.now();
    clearTimeout(this.#showTimer);
    this.#later();
  }

  #later(): void {
    this.link = "lost";
    const waitMs = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    this.retryAtMs = Date.now() + waitMs;
    this.#retryTimer = setTimeout(() => void this.#connect(), waitMs);
  }

  #end(code: string): void {
    forgetSession();
    this.refusal = code;
    this.link = "ended";
  }

  #take(delta: StatusDelta): void {
    const before = this.#newest;
    if (before === null) return;
    // A field that is absent has not changed; none is ever sent as undefined.
    const status = { ...before, ...delta } as Status;
    this.#newest = status;
    for (const listener of this.#deltas) listener(status);
    if (isTurn(before, status) || Date.now() - this.#shownMs >= SHOW_INTERVAL_MS) {
      this.#show(status);
    } else {
      this.#showTimer ??= setTimeout(() => {
        if (this.#newest !== null) this.#show(this.#newest);
      }, SHOW_INTERVAL_MS);
    }
  }

  #show(status: Status): void {
    clearTimeout(this.#showTimer);
    this.#showTimer = undefined;
    this.#shownMs = Date.now();
    this.#newest = status;
    for (const listener of this.#shows) listener();
    this.status = status;
  }
}

/** Whether more than numbers has changed: such a change is shown at once. */
function isTurn(before: Status, after: Status): boolean {
  return (
    before.mine.state !== after.mine.state ||
    before.mine.unit?.phase !== after.mine.unit?.phase ||
    before.mine.unit?.unit !== after.mine.unit?.unit ||
    before.lastResult?.unit !== after.lastResult?.unit ||
    before.paidBase !== after.paidBase
  );
}
