/**
 * Decides between two steps whether the next one may run, and when: messages are heard only here,
 * and a worker that may use only a share of the time rests here for what its steps took.
 */

/** Rests shorter than this are collected: timers count whole milliseconds. */
const LEAST_REST_MS = 5;

/** Timers come late; so much of the next rest is let off for it, and a pause earns no more. */
const CREDIT_MS = 20;

/** What a gate needs of the world. */
export interface GateNeeds {
  /** Lets waiting messages in; resolves on the event loop's next turn. */
  readonly turn: () => Promise<void>;
  /** Milliseconds that only go up, with fractions. */
  readonly nowMs: () => number;
  /** Calls once after so long; answers how to take it back. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

/** Pause, resume, stop and pace of a worker. */
export class WorkGate {
  readonly #needs: GateNeeds;
  #state: "open" | "paused" | "stopped" = "open";
  /** Share of the time in which steps may run, above 0 to 1. */
  #pace = 1;
  /** Work since then is not yet rested for; undefined while nothing runs. */
  #letInMs: number | undefined;
  /** Milliseconds of work that no rest has followed yet. */
  #unrestedMs = 0;
  #wake: (() => void) | undefined;

  constructor(needs: GateNeeds) {
    this.#needs = needs;
  }

  pause(): void {
    if (this.#state === "open") this.#state = "paused";
    this.#wake?.();
  }

  resume(): void {
    if (this.#state === "paused") this.#state = "open";
    this.#wake?.();
  }

  stop(): void {
    this.#state = "stopped";
    this.#wake?.();
  }

  /** From now on steps run in this share of the time; a rest that lasts is reckoned anew. */
  pace(share: number): void {
    this.#pace = share;
    this.#wake?.();
  }

  /** Resolves true when the next step may run, false when the work is over. */
  async mayGoOn(): Promise<boolean> {
    if (this.#letInMs !== undefined) this.#unrestedMs += this.#needs.nowMs() - this.#letInMs;
    await this.#needs.turn();
    while (this.#state !== "stopped") {
      if (this.#pace >= 1) this.#unrestedMs = 0;
      const restMs = this.#unrestedMs * (1 / this.#pace - 1);
      if (this.#state === "open" && restMs < LEAST_REST_MS) break;
      await this.#stand(this.#state === "open" ? restMs : null);
    }
    this.#letInMs = this.#needs.nowMs();
    return this.#state !== "stopped";
  }

  /** Waits so long, or for a message alone; a pause rests as well. */
  async #stand(restMs: number | null): Promise<void> {
    const { nowMs, after } = this.#needs;
    const begunMs = nowMs();
    const pace = this.#pace;
    await new Promise<void>((resolve) => {
      const cancel = restMs === null ? () => undefined : after(Math.ceil(restMs), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = undefined;
    if (pace >= 1) return;
    const restOfWork = 1 / pace - 1;
    const left = this.#unrestedMs - (nowMs() - begunMs) / restOfWork;
    this.#unrestedMs = Math.max(-CREDIT_MS / restOfWork, left);
  }
}
