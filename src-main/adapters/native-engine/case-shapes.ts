/** Decides how the shapes of a case are drawn, and what a drawn call consists of. */
import type { Shape } from "../../engine/index.ts";
import type { CheckRandom } from "./check-random.ts";

/** Operand shapes, attributes and output shape of one op. */
export interface Call {
  readonly inputs: readonly Shape[];
  readonly attributes: readonly number[];
  readonly shape: Shape;
  /** Values of an operand that are no hostile numbers, such as labels. */
  readonly fill?: (random: CheckRandom, count: number, operand: number) => Float32Array;
}

/** Draws one call with at most `elements` elements a tensor. */
export type Maker = (random: CheckRandom, elements: number) => Call;

/** A random shape of rank 1 to `rankMax` with at most `elements` elements. */
export function anyShape(random: CheckRandom, elements: number, rankMax = 5): number[] {
  const shape: number[] = [];
  let left = elements;
  for (let rank = random.between(1, rankMax); rank > 0; rank -= 1) {
    const most = Math.max(1, Math.min(left, rank === 1 ? left : Math.ceil(left ** (1 / rank)) * 2));
    const dim = random.below(6) === 0 ? 1 : random.between(1, most);
    shape.push(dim);
    left = Math.max(1, Math.floor(left / dim));
  }
  return shape;
}

/** A tile size, an odd one, or anything small: where blocked loops go wrong. */
export function side(random: CheckRandom, most: number): number {
  const wanted = random.pick([1, 2, 3, 5, 7, 8, 13, 14, 15, 16, 17, 28, 31, 32, 33, 48, 63, 65]);
  return Math.max(1, Math.min(most, random.below(3) === 0 ? random.between(1, most) : wanted));
}
