/** Decides what a worker says about its pace: at most ten times a second, over recent steps. */

import { ACCURACY_WINDOW_STEPS, PROGRESS_PER_SECOND_MAX } from "../limits.ts";

/** What was measured of a step. */
export interface StepMeasure {
  readonly loss: number;
  readonly correct: number;
  /** Answers that were looked at; none of a text. */
  readonly samples: number;
}

/** Means over the window. */
export interface PaceReport {
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly stepsPerSecond: number | null;
}

/** Collects steps and says when it is time for a report. */
export class ProgressMeter {
  readonly #window: StepMeasure[] = [];
  /** Moments of recent reports and the steps done by then. */
  readonly #moments: { readonly atMs: number; readonly steps: number }[] = [];
  #steps = 0;

  /**
   * Takes in a step.
   * @returns whether a report is due now
   */
  add(nowMs: number, measure: StepMeasure): boolean {
    this.#steps += 1;
    this.#window.push(measure);
    if (this.#window.length > ACCURACY_WINDOW_STEPS) this.#window.shift();
    const last = this.#moments.at(-1);
    if (last !== undefined && nowMs - last.atMs < 1000 / PROGRESS_PER_SECOND_MAX) return false;
    this.#moments.push({ atMs: nowMs, steps: this.#steps });
    if (this.#moments.length > ACCURACY_WINDOW_STEPS) this.#moments.shift();
    return true;
  }

  /** Forgets the pace, after a pause. */
  restart(): void {
    this.#moments.length = 0;
  }

  /** The means now. */
  report(): PaceReport {
    const first = this.#moments.at(0);
    const last = this.#moments.at(-1);
    const ms = first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
    const steps = first === undefined || last === undefined ? 0 : last.steps - first.steps;
    let loss = 0;
    let correct = 0;
    let samples = 0;
    for (const measure of this.#window) {
      loss += measure.loss;
      correct += measure.correct;
      samples += measure.samples;
    }
    const measured = this.#window.length > 0;
    return {
      loss: measured ? loss / this.#window.length : null,
      accuracy: samples > 0 ? correct / samples : null,
      stepsPerSecond: ms > 0 ? (1000 * steps) / ms : null,
    };
  }
}
