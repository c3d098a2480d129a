/**
 * Decides the operands that products are compared on, and how far a product is from the true one.
 * All three kinds are met in training: weights are near to Gaussian, activations of transformers
 * have channels a hundred times the others, gradients have heavy tails.
 */

import { philox } from "../../../src-main/engine/index.ts";

/** Which numbers a matrix holds. */
export type Distribution = "gaussian" | "outlier-channel" | "heavy-tailed";

/** All of them. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  "gaussian",
  "outlier-channel",
  "heavy-tailed",
];

/** One channel in so many is an outlier, and how much larger it is. */
const OUTLIER_EVERY = 64;
const OUTLIER_SCALE = 100;

/** Degrees of freedom of Student's t: finite variance, no finite fourth moment. */
const TAIL_DEGREES = 3;

/** Standard normal numbers, two from each pair of words (Box and Muller). */
function normals(count: number, seed: number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < count; at += 2) {
    const [first, second] = philox([at, 0, 0, 0], [seed, 0x5eed]);
    const radius = Math.sqrt(-2 * Math.log((first + 1) / 4_294_967_297));
    const angle = (2 * Math.PI * second) / 4_294_967_296;
    values[at] = radius * Math.cos(angle);
    if (at + 1 < count) values[at + 1] = radius * Math.sin(angle);
  }
  return values;
}

/** Student's t with TAIL_DEGREES degrees of freedom. */
function heavyTailed(count: number, seed: number): Float64Array {
  const values = normals(count, seed);
  const spreads = Array.from({ length: TAIL_DEGREES }, (_, at) => normals(count, seed + 1000 + at));
  return values.map((value, at) => {
    const squares = spreads.reduce((sum, spread) => sum + spread[at] * spread[at], 0);
    return value / Math.sqrt(squares / TAIL_DEGREES);
  });
}

/** A product to be made: A [rows, depth] with channels along the depth, B [depth, columns]. */
export interface Operands {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** Operands of a distribution, as f32. */
export function operandsOf(
  distribution: Distribution,
  [rows, depth, columns]: readonly [number, number, number],
  seed: number,
): Operands {
  const draw = distribution === "heavy-tailed" ? heavyTailed : normals;
  const a = draw(rows * depth, seed);
  const b = draw(depth * columns, seed + 1);
  if (distribution === "outlier-channel") {
    for (let at = 0; at < a.length; at += OUTLIER_EVERY) a[at] *= OUTLIER_SCALE;
  }
  return { a: Float32Array.from(a), b: Float32Array.from(b), rows, depth, columns };
}

/** How far a product is from the true one. */
export interface ProductError {
  /** ‖C − C*‖ / ‖C*‖ in the Frobenius norm. */
  readonly relative: number;
  /** Largest |c − c*| over Σ|a·b|, the bound that rounding errors are measured by. */
  readonly worst: number;
}

/** Compares with the product in double precision. */
export function errorOf(operands: Operands, product: Float32Array): ProductError {
  const { a, b, rows, depth, columns } = operands;
  let off = 0;
  let norm = 0;
  let worst = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      let size = 0;
      for (let k = 0; k < depth; k += 1) {
        const term = a[row * depth + k] * b[k * columns + column];
        sum += term;
        size += Math.abs(term);
      }
      const error = product[row * columns + column] - sum;
      off += error * error;
      norm += sum * sum;
      worst = Math.max(worst, Math.abs(error) / size);
    }
  }
  return { relative: Math.sqrt(off / norm), worst };
}
