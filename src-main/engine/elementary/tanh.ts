/**
 * Decides tanh on one canonical number: a polynomial near 0, exp elsewhere. Written out in
 * NUMERICS.md, "tanh"; error below 2 ulp.
 */
import { floatOfBits } from "../canon.ts";
import { add, div, mul, sub } from "../primitives.ts";
import { expOf } from "./exp.ts";

/** 0.625: below it 1 − 2/(e^2x + 1) would cancel. */
const NEAR = 0.625;
/** Minimax coefficients of (tanh(x) − x)/x³ on |x| < 0.625, in x² (Cephes, tanhf.c). */
const T4 = floatOfBits(0xbbbaf0ea);
const T3 = floatOfBits(0x3ca9134e);
const T2 = floatOfBits(0xbd5c1e2d);
const T1 = floatOfBits(0x3e088393);
const T0 = floatOfBits(0xbeaaaa99);

/** tanh(x) for a canonical x. */
export function tanhOf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < NEAR) {
    const z = mul(x, x);
    let p = T4;
    p = add(mul(p, z), T3);
    p = add(mul(p, z), T2);
    p = add(mul(p, z), T1);
    p = add(mul(p, z), T0);
    return add(mul(mul(p, z), x), x);
  }
  const y = sub(1, div(2, add(expOf(add(magnitude, magnitude)), 1)));
  return x < 0 ? -y : y;
}
