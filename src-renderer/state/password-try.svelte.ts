/**
 * Decides how a password is handed over: it leaves the field with the first press, is part of one
 * call and of nothing else. After a wrong one the next waits, as the daemon says.
 */

import type { Refusal } from "../bridge/daemon-link.ts";

/** How often a wait is counted down. */
const TICK_MS = 250;

const PASSWORD_CODES: readonly string[] = [
  "WALLET_PASSWORD",
  "WALLET_PASSWORD_WAIT",
  "WALLET_PASSWORD_BUSY",
  "WALLET_OPENER",
];

/** The password of one form. */
export class PasswordTry {
  text = $state("");
  refusal = $state.raw<Refusal | null>(null);
  #leftMs = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Whole seconds until one may be tried; 0 where one may be now. */
  get waitSeconds(): number {
    return Math.ceil(this.#leftMs / 1_000);
  }

  /** The password, which the field forgets. */
  take(): string {
    const { text } = this;
    this.text = "";
    this.refusal = null;
    return text;
  }

  /** Takes a refusal of a try; false where it is about something else than the password. */
  refused(refusal: Refusal): boolean {
    if (!PASSWORD_CODES.includes(refusal.code)) return false;
    this.refusal = refusal;
    const seconds = refusal.facts?.["seconds"];
    if (typeof seconds === "number") this.waitFor(seconds * 1_000);
    return true;
  }

  /** Lets no password be tried for so long. */
  waitFor(waitMs: number): void {
    clearInterval(this.#timer);
    const untilMs = Date.now() + waitMs;
    this.#leftMs = waitMs;
    if (waitMs <= 0) return;
    this.#timer = setInterval(() => {
      this.#leftMs = Math.max(0, untilMs - Date.now());
      if (this.#leftMs === 0) clearInterval(this.#timer);
    }, TICK_MS);
  }

  /** Forgets everything. */
  clear(): void {
    this.text = "";
    this.refusal = null;
    this.waitFor(0);
  }
}
