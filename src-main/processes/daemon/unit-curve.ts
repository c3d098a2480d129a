/**
 * Decides what the daemon remembers of a unit's training, so that a page opened late can draw it:
 * loss and accuracy by step, of the newest unit only, in memory, at even distances.
 */

import { CURVE_POINTS_MAX } from "../../contract/control-api/index.ts";
import type { CurvePoint } from "../../contract/control-api/index.ts";
import type { UnitStatus } from "../../miner/index.ts";

/** What is read of a unit. */
export type CurveSource = Pick<UnitStatus, "accuracy" | "loss" | "phase" | "step" | "unit">;

/** The series of the newest unit in training, at most `CURVE_POINTS_MAX` points. */
export class UnitCurveKeeper {
  #unit = "";
  #points: CurvePoint[] = [];
  /** Steps between two points: grows with each thinning, so that late ones are not denser. */
  #spacing = 1;

  /**
   * Adds where the unit is now. Steps that are done again after a worker's restart are known
   * already: training is exact, so they would say the same.
   */
  take({ unit, phase, step, loss, accuracy }: CurveSource): void {
    if (phase !== "training" || loss === null) return;
    if (unit !== this.#unit) {
      this.#unit = unit;
      this.#points = [];
      this.#spacing = 1;
    }
    const last = this.#points.at(-1);
    if (last !== undefined && step < last.step + this.#spacing) return;
    if (this.#points.length === CURVE_POINTS_MAX) this.#thin();
    this.#points.push({ step, loss, accuracy });
  }

  /** The points of a unit by ascending step; none where it is not the newest. */
  of(unit: string): CurvePoint[] {
    return unit === this.#unit ? [...this.#points] : [];
  }

  /** Drops every second point; the first stays, it is where the curve begins. */
  #thin(): void {
    const kept = this.#points.filter((_, index) => index % 2 === 0);
    this.#points = kept;
    this.#spacing = (kept[kept.length - 1].step - kept[0].step) / (kept.length - 1);
  }
}
