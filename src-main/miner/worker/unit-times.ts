/**
 * Decides how the time of a unit is accounted: what training takes, what hashing and checkpoints
 * take away from it (at most 1 %), and what spot checks take.
 */

import type { UnitTimes } from "../messages/worker-messages.ts";
import type { CheckpointHeader } from "./checkpoint.ts";

/** Time as a worker sees it; injected, so tests decide what passes. */
export interface WorkClock {
  /** Monotonic milliseconds with fractions. */
  monotonicMs(): number;
  /** Processor time this process has used, all threads, milliseconds. */
  processorMs(): number;
}

/** What a moment of work is spent on. */
export type WorkKind = "train" | "commit" | "spot";

/** The sums as files keep them. */
export type KeptTimes = Pick<CheckpointHeader, "trainUs" | "commitUs" | "spotUs" | "trainCpuUs">;

/** Adds up where the time goes. */
export class UnitStopwatch {
  readonly #clock: WorkClock;
  readonly #wallMs = { train: 0, commit: 0, spot: 0 };
  #trainCpuMs = 0;
  #cpuBeganMs: number | undefined;

  constructor(clock: WorkClock) {
    this.#clock = clock;
  }

  /** Continues from what earlier runs had used. */
  restore(header: KeptTimes): void {
    this.#wallMs.train = Number(header.trainUs) / 1000;
    this.#wallMs.commit = Number(header.commitUs) / 1000;
    this.#wallMs.spot = Number(header.spotUs) / 1000;
    this.#trainCpuMs = Number(header.trainCpuUs) / 1000;
  }

  /**
   * Runs a piece of work and books its time. Processor time is taken between `begin` and `end` of
   * a segment instead: asking the system for it at each step took longer than drawing the batch.
   */
  async book<T>(kind: WorkKind, work: () => T | Promise<T>): Promise<T> {
    if (kind === "spot") this.end();
    const wall = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      this.#wallMs[kind] += this.#clock.monotonicMs() - wall;
      if (kind === "spot") this.begin();
    }
  }

  /** Training begins: from here processor time is training's. */
  begin(): void {
    this.#cpuBeganMs = this.#clock.processorMs();
  }

  /** Training ends or is interrupted. */
  end(): void {
    if (this.#cpuBeganMs === undefined) return;
    this.#trainCpuMs += this.#clock.processorMs() - this.#cpuBeganMs;
    this.#cpuBeganMs = undefined;
  }

  /** The sums so far. */
  times(): UnitTimes {
    const { train, commit, spot } = this.#wallMs;
    return { trainMs: train, commitMs: commit, spotMs: spot, trainCpuMs: this.#trainCpuMs };
  }

  /** The sums as a checkpoint keeps them. */
  microseconds(): KeptTimes {
    const whole = (milliseconds: number) => BigInt(Math.round(1000 * milliseconds));
    return {
      trainUs: whole(this.#wallMs.train),
      commitUs: whole(this.#wallMs.commit),
      spotUs: whole(this.#wallMs.spot),
      trainCpuUs: whole(this.#trainCpuMs),
    };
  }
}
