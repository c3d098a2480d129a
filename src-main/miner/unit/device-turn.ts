/** Decides who may train: one unit at a time on a device, none while the miner is paused. */

/** A turnstile; who is let in leaves by calling what it was given. */
export class DeviceTurn {
  readonly #waiting: (() => void)[] = [];
  #taken = false;
  #open = true;

  /** Resolves when it is the caller's turn. */
  enter(): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(this.#leave()));
      this.#admit();
    });
  }

  /** Lets nobody in any more, until `open`. Who is inside stays. */
  close(): void {
    this.#open = false;
  }

  open(): void {
    this.#open = true;
    this.#admit();
  }

  /** Lets everybody through at once, so that who waits can see that it is over. */
  dissolve(): void {
    for (const admit of this.#waiting.splice(0)) admit();
  }

  #admit(): void {
    if (!this.#open || this.#taken) return;
    const next = this.#waiting.shift();
    this.#taken = next !== undefined;
    next?.();
  }

  #leave(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#taken = false;
      this.#admit();
    };
  }
}
