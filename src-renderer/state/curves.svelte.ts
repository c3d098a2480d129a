/**
 * Decides which points of loss and accuracy are drawn: the daemon's own series of the unit and what
 * the page has seen, also over a reload. What neither knows is drawn as a gap.
 */

import type { CurvePoint } from "../../src-main/contract/control-api/job.ts";
import type { Status } from "../../src-main/contract/control-api/status.ts";
import type { Daemon } from "./daemon.svelte.ts";

/** Points kept of one unit; beyond it every second one goes. */
const POINTS_MAX = 1_024;

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
  readonly #daemon: Daemon;
  #points: Seen = readKept();
  /** The unit whose series was asked for last. */
  #asked = "";
  #gap = this.#points.step.length > 0;
  #undrawn = false;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.seen = this.#points;
    daemon.onStatus((status) => this.#take(status));
    // Drawn together with the words that changed: one frame of the browser's work, not two.
    daemon.onShow(() => {
      if (this.#undrawn) this.#draw();
    });
  }

  /** The next point follows after a time that was not seen. */
  breakOff(): void {
    this.#gap = this.#points.step.length > 0;
  }

  /** Asks for the daemon's series of a unit and joins it with what was seen. */
  async load(unit: string): Promise<void> {
    this.#asked = unit;
    const answer = await this.#daemon.call("unit.curve", { unit });
    // A refusal costs the early points only; the curves go on with what is seen from now on.
    if (!answer.ok || answer.value.points.length === 0 || this.#asked !== unit) return;
    const seen = this.#points.unit === unit ? this.#points : { ...emptySeen(), unit };
    this.#points = join(seen, answer.value.points, this.#gap);
    this.#gap = false;
    this.#thinned();
    this.#draw();
  }

  #take({ mine: { unit } }: Status): void {
    if (unit === null || unit.loss === null || unit.phase !== "training") return;
    if (unit.unit !== this.#points.unit) {
      this.#points = { unit: unit.unit, step: [], loss: [], accuracy: [] };
      this.#gap = false;
    }
    const last = this.#points.step.at(-1) ?? -1;
    if (unit.step <= last) return;
    if (this.#gap) add(this.#points, last + (unit.step - last) / 2, null, null);
    this.#gap = false;
    add(this.#points, unit.step, unit.loss, unit.accuracy);
    this.#thinned();
    this.#undrawn = true;
  }

  #thinned(): void {
    const { step, loss, accuracy } = this.#points;
    if (step.length <= POINTS_MAX) return;
    for (const list of [step, loss, accuracy]) thin(list);
  }

  #draw(): void {
    this.#undrawn = false;
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

/**
 * What was seen and what the daemon knows, by step. The daemon's series has no gaps, so from its
 * first point on the gaps of the seen one are filled; before it (a restart) they stay.
 */
function join(seen: Seen, known: readonly CurvePoint[], gapAtEnd: boolean): Seen {
  const first = known[0].step;
  const found = seen.step.findIndex((step) => step >= first);
  const cut = found < 0 ? seen.step.length : found;
  const joined: Seen = {
    unit: seen.unit,
    step: seen.step.slice(0, cut),
    loss: seen.loss.slice(0, cut),
    accuracy: seen.accuracy.slice(0, cut),
  };
  const before = joined.step.at(-1);
  const gap = found < 0 ? gapAtEnd : seen.loss[found] === null;
  if (gap && before !== undefined) add(joined, before + (first - before) / 2, null, null);
  const points = new Map(known.map((point) => [point.step, point]));
  for (let index = cut; index < seen.step.length; index += 1) {
    const [step, loss] = [seen.step[index], seen.loss[index]];
    if (loss !== null) points.set(step, { step, loss, accuracy: seen.accuracy[index] });
  }
  for (const point of [...points.values()].sort((left, right) => left.step - right.step)) {
    add(joined, point.step, point.loss, point.accuracy);
  }
  return joined;
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
