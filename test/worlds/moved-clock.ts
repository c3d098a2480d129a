/** Decides how a test has time: it passes when the test says so, and timers fire in their order. */

import type { Clock } from "../../src-main/ports/clock.ts";
import type { Log, LogFacts } from "../../src-main/ports/log.ts";

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** A clock that the test moves. */
export class MovedClock implements Clock {
  /** Running time, which never jumps. */
  #ranMs = 0;
  #wallMs: number;
  #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#ranMs + delayMs, action };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  /** Lets time pass and runs what is due. */
  pass(milliseconds: number): void {
    const end = this.#ranMs + milliseconds;
    for (;;) {
      const next = this.#timers
        .filter(({ dueMs }) => dueMs <= end)
        .reduce<Timer | null>((a, b) => (a === null || b.dueMs < a.dueMs ? b : a), null);
      if (next === null) break;
      this.#move(next.dueMs);
      this.#timers = this.#timers.filter((one) => one !== next);
      next.action();
    }
    this.#move(end);
  }

  /** Sets the wall clock; no time passes. */
  jump(milliseconds: number): void {
    this.#wallMs += milliseconds;
  }

  #move(toMs: number): void {
    this.#wallMs += toMs - this.#ranMs;
    this.#ranMs = toMs;
  }
}

/** A log whose warnings a test can read. */
export class NotedLog implements Log {
  readonly warnings: { readonly message: string; readonly facts: LogFacts | undefined }[] = [];

  info(): void {
    // Nobody asks for it.
  }

  warn(message: string, facts?: LogFacts): void {
    this.warnings.push({ message, facts });
  }

  error(message: string, facts?: LogFacts): void {
    this.warnings.push({ message, facts });
  }
}
