/**
 * Decides log on one canonical number: exponent and mantissa are taken apart, then a polynomial
 * of degree 11 in primitives only. Written out in NUMERICS.md, "log"; error below 1 ulp there.
 */
import { LARGEST, bitsOfFloat, floatOfBits } from "../canon.ts";
import { add, mul, sub } from "../primitives.ts";

/** √½ rounded to f32; mantissas are taken in [√½, √2) so that log stays near 0. */
const ROOT_HALF_BITS = 0x3f3504f3;
/** ln 2 in two parts; the high one, 355/512, makes e·LN2_HIGH exact for |e| ≤ 97. */
const LN2_HIGH = floatOfBits(0x3f318000);
const LN2_LOW = floatOfBits(0xb95e8083);
/** Minimax coefficients of (log(1+f) − f + f²/2)/f³ on [√½−1, √2−1] (Cephes, logf.c). */
const COEFFICIENTS = Float32Array.from(
  [
    0x3d9021bb, 0xbdebd1b8, 0x3def251a, 0xbdfe5d4f, 0x3e11e9bf, 0xbe2aae50, 0x3e4cceac, 0xbe7ffffc,
    0x3eaaaaaa,
  ],
  floatOfBits,
);

/** log(x) for a canonical x; −2^60 for x ≤ 0. */
export function logOf(x: number): number {
  if (x <= 0) return -LARGEST;
  const bits = bitsOfFloat(x);
  const e = (bits - ROOT_HALF_BITS) >> 23;
  const m = floatOfBits(bits - (e << 23));
  const f = sub(m, 1);
  const z = mul(f, f);
  let p = COEFFICIENTS[0];
  for (let i = 1; i < COEFFICIENTS.length; i += 1) p = add(mul(p, f), COEFFICIENTS[i]);
  let y = mul(mul(p, f), z);
  y = add(y, mul(e, LN2_LOW));
  y = sub(y, mul(z, 0.5));
  return add(add(f, y), mul(e, LN2_HIGH));
}
