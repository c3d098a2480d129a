/**
 * Decides sine and cosine on one canonical number: range reduction by multiples of π/2 in three
 * parts and two polynomials, in primitives only. Written out in NUMERICS.md, "sin and cos";
 * absolute error below 2^-23 up to |x| = 8192. Beyond, a turn of the angle is less than its
 * spacing makes sense of: sine is +0 there and cosine 1.
 */
import { floatOfBits } from "../canon.ts";
import { add, mul, roundHalfEven, sub } from "../primitives.ts";

/** The largest angle that is reduced; k stays below 2^13, so k·HALF_PI_1 and _2 are exact. */
const ANGLE_MAX = 8192;
/** 2/π. */
const INVERSE_HALF_PI = floatOfBits(0x3f22f983);
/** π/2 in three parts of 8, 11 and 24 bits (Cephes, sinf.c, doubled). */
const HALF_PI_1 = floatOfBits(0x3fc90000);
const HALF_PI_2 = floatOfBits(0x39fda000);
const HALF_PI_3 = floatOfBits(0x33a22169);
/** Minimax coefficients on |r| ≤ π/4 (Cephes, sinf.c and cosf.c). */
const S2 = floatOfBits(0xb94ca1f9);
const S1 = floatOfBits(0x3c08839e);
const S0 = floatOfBits(0xbe2aaaa3);
const C2 = floatOfBits(0x37ccf5ce);
const C1 = floatOfBits(0xbab6061a);
const C0 = floatOfBits(0x3d2aaaa5);

/** Sine at quarter turn `shift` further: shift 0 is sine, shift 1 cosine. */
function sineAt(x: number, shift: 0 | 1): number {
  if (Math.abs(x) > ANGLE_MAX) return shift;
  const k = roundHalfEven(mul(x, INVERSE_HALF_PI));
  const r = sub(sub(sub(x, mul(k, HALF_PI_1)), mul(k, HALF_PI_2)), mul(k, HALF_PI_3));
  const z = mul(r, r);
  const quarter = (k + shift) & 3;
  let y: number;
  if ((quarter & 1) === 0) {
    const p = add(mul(add(mul(S2, z), S1), z), S0);
    y = add(mul(mul(p, z), r), r);
  } else {
    const p = add(mul(add(mul(C2, z), C1), z), C0);
    y = add(sub(mul(mul(p, z), z), mul(z, 0.5)), 1);
  }
  return quarter >= 2 ? sub(0, y) : y;
}

/** sin(x) for a canonical x. */
export function sinOf(x: number): number {
  return sineAt(x, 0);
}

/** cos(x) for a canonical x. */
export function cosOf(x: number): number {
  return sineAt(x, 1);
}
