/**
 * Decides which points of loss and accuracy are drawn. The daemon tells the newest values only, so
 * the page keeps what it has seen, also over a reload; what it has not seen is drawn as a gap.
 */

import type { Status } from "../../src-main/contract/control-api/status.ts";
import type { Daemon } from "./daemon.svelte.ts";

/** Points kept of one unit; beyond it every second one goes. */
const POINTS_MAX = 1_024;

/** How often the drawn curves follow: a line that moves by pixels needs no more. */
const DRAW_INTERVAL_MS = 1_000;

/** How often the kept copy follows. */
const KEEP_INTERVAL_MS = 5_000;

const KEPT = "vivian.curves";

/** The seen points of the unit in hand; null is a gap. */
export interface Seen {
  readonly unit: string;
  readonly step: number[];
  readonly loss: (number | null)[];
  readonly accuracy: (number | null)[];
}

const NOTHING: Seen = { unit: "", step: [], loss: [], accuracy: [] };

/** The curves of the unit in hand, or of the last one. */
export class Curves {
  /** A new object for each drawing. */
  seen = $state.raw<Seen>(NOTHING);
  #points: Seen = readKept();
  #gap = this.#points.step.length > 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(daemon: Daemon) {
    this.seen = this.#points;
    daemon.onStatus((status) => this.#take(status));
  }

  /** The next point follows after a time that was not seen. */
  breakOff(): void {
    this.#gap = this.#points.step.length > 0;
  }

  #take({ mine: { unit } }: Status): void {
    if (unit === null || unit.loss === null || unit.phase !== "training") return;
    if (unit.unit !== this.#points.unit) {
      this.#points = { unit: unit.unit, step: [], loss: [], accuracy: [] };
      this.#gap = false;
    }
    const { step, loss, accuracy } = this.#points;
    const last = step.at(-1) ?? -1;
    if (unit.step <= last) return;
    if (this.#gap) add(this.#points, last + (unit.step - last) / 2, null, null);
    this.#gap = false;
    add(this.#points, unit.step, unit.loss, unit.accuracy);
    if (step.length > POINTS_MAX) {
      for (const list of [step, loss, accuracy]) thin(list);
    }
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_INTERVAL_MS);
  }

  #draw(): void {
    this.#timer = undefined;
    this.seen = { ...this.#points };
    this.#keeping ??= setTimeout(() => {
      this.#keeping = undefined;
      sessionStorage.setItem(KEPT, JSON.stringify(this.#points));
    }, KEEP_INTERVAL_MS);
  }
}

function add(to: Seen, step: number, loss: number | null, accuracy: number | null): void {
  to.step.push(step);
  to.loss.push(loss);
  to.accuracy.push(accuracy);
}

/** Drops every second entry in place, the last one stays. */
function thin(list: unknown[]): void {
  const kept = list.filter((_, index) => (list.length - 1 - index) % 2 === 0);
  list.splice(0, list.length, ...kept);
}

function readKept(): Seen {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "") as Seen;
    const lists = [kept.step, kept.loss, kept.accuracy];
    const sound = lists.every((list) => Array.isArray(list) && list.length === kept.step.length);
    return sound && typeof kept.unit === "string" ? kept : emptySeen();
  } catch {
    return emptySeen();
  }
}

function emptySeen(): Seen {
  return { unit: "", step: [], loss: [], accuracy: [] };
}
