/**
 * Decides the five correctly rounded primitives on canonical numbers: one rounding, then canon
 * (NUMERICS.md, "Primitives"). Everything else that is elementwise is written out in these.
 */
import { LARGEST, canon } from "./canon.ts";

/** a + b. */
export function add(a: number, b: number): number {
  return canon(a + b);
}

/** a − b. */
export function sub(a: number, b: number): number {
  return canon(a - b);
}

/** a · b; the double product of two f32 is exact. */
export function mul(a: number, b: number): number {
  return canon(a * b);
}

/** a / b; x/0 = sign(x)·2^60, 0/0 = 0/x = +0. */
export function div(a: number, b: number): number {
  if (b === 0) return a === 0 ? 0 : a > 0 ? LARGEST : -LARGEST;
  return canon(a / b);
}

/** √a; +0 for a ≤ 0. */
export function sqrt(a: number): number {
  return a > 0 ? canon(Math.sqrt(a)) : 0;
}

/** The integer nearest to a double of magnitude < 2^51, ties to even. */
export function roundHalfEven(x: number): number {
  // Adding 1.5·2^52 leaves no fraction bits, so the double addition itself rounds to even.
  return x + 6755399441055744 - 6755399441055744;
}
