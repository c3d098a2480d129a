/**
 * Decides the logistic function on one canonical number, in primitives and exp alone. Written out
 * in NUMERICS.md, "sigmoid"; error below 2.5 ulp down to x = −66.6, where it becomes +0.
 */
import { add, div } from "../primitives.ts";
import { expOf } from "./exp.ts";

/** 1 / (1 + e^−x) for a canonical x; e^−|x| is at most 1, so nothing saturates on the way. */
export function sigmoidOf(x: number): number {
  const e = expOf(-Math.abs(x));
  return div(x < 0 ? e : 1, add(1, e));
}
