/**
 * Decides how a learning rate changes over the steps: a table of (step, rate), piecewise constant.
 * What is drawn as straight lines becomes such a table before anybody hashes the model.
 */
import { bitsOfFloat, canon } from "../canon.ts";
import type { SchedulePoint } from "../models/model-config.ts";
import type { GraphValue } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";

/** Decimal places of a rate that was drawn: a table of short numbers stays readable. */
const RATE_UNITS = 100_000_000;

/** The rate of the current step as [1], from the model's table. */
export function appendSchedule(
  builder: ProgramBuilder,
  schedule: readonly SchedulePoint[],
): GraphValue {
  const table = schedule.flatMap(({ step, rate }) => [step, bitsOfFloat(canon(rate)) | 0]);
  return builder.op("schedule", [], [schedule.length, ...table]);
}

/** The rate at a step on the straight line between two corners, to eight decimal places. */
function rateOnLine(from: SchedulePoint, to: SchedulePoint, step: number): number {
  const share = (step - from.step) / (to.step - from.step);
  const rate = from.rate + (to.rate - from.rate) * share;
  return Math.floor(rate * RATE_UNITS + 0.5) / RATE_UNITS;
}

/**
 * The table of straight lines through corners.
 * @param corners  at least one; the first at step 1, steps ascend
 * @param entries  most entries between two corners; a line of fewer steps has one a step
 */
export function linearSchedule(
  corners: readonly SchedulePoint[],
  entries: number,
): readonly SchedulePoint[] {
  const table: SchedulePoint[] = [];
  for (const [index, from] of corners.entries()) {
    const to = corners[index + 1];
    if (to === undefined) {
      table.push(from);
      continue;
    }
    const steps = to.step - from.step;
    const count = Math.min(entries, steps);
    for (let entry = 0; entry < count; entry += 1) {
      const step = from.step + Math.floor((entry * steps) / count);
      table.push({ step, rate: rateOnLine(from, to, step) });
    }
  }
  return table;
}
