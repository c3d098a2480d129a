/** Decides between two steps whether the next one may run: messages are heard only here. */

/** Pause, resume and stop of a worker. */
export class WorkGate {
  readonly #turn: () => Promise<void>;
  #state: "open" | "paused" | "stopped" = "open";
  #wake: (() => void) | undefined;

  /** @param turn  lets waiting messages in; resolves on the event loop's next turn */
  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  pause(): void {
    if (this.#state === "open") this.#state = "paused";
  }

  resume(): void {
    if (this.#state === "paused") this.#state = "open";
    this.#wake?.();
  }

  stop(): void {
    this.#state = "stopped";
    this.#wake?.();
  }

  /** Resolves true when the next step may run, false when the work is over. */
  async mayGoOn(): Promise<boolean> {
    await this.#turn();
    while (this.#state === "paused") {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    return this.#state !== "stopped";
  }
}
