/**
 * Decides exp on one canonical number: range reduction by multiples of ln 2 and a polynomial of
 * degree 7, in primitives only. Written out in NUMERICS.md, "exp"; error below 1 ulp there.
 */
import { LARGEST, canon, floatOfBits } from "../canon.ts";
import { add, mul, roundHalfEven, sub } from "../primitives.ts";

/** 41.6: exp of it and of all above is 2^60 by definition (ln 2^60 = 41.5888…). */
const UPPER = floatOfBits(0x42266666);
/** −66.6: exp of it and of all below is under 2^-96 (ln 2^-96 = −66.5421…), so +0. */
const LOWER = floatOfBits(0xc2853333);
/** 1 / ln 2. */
const INVERSE_LN2 = floatOfBits(0x3fb8aa3b);
/** ln 2 in two parts; the high one, 355/512, has 9 bits, so k·LN2_HIGH is exact for |k| ≤ 97. */
const LN2_HIGH = floatOfBits(0x3f318000);
const LN2_LOW = floatOfBits(0xb95e8083);
/** Minimax coefficients of (exp(r) − 1 − r)/r² on |r| ≤ ln 2 / 2 (Cephes, expf.c). */
const C7 = floatOfBits(0x39506967);
const C6 = floatOfBits(0x3ab743ce);
const C5 = floatOfBits(0x3c088908);
const C4 = floatOfBits(0x3d2aa9c1);
const C3 = floatOfBits(0x3e2aaaaa);
const C2 = floatOfBits(0x3f000000);

const scratchFloat = new Float32Array(1);
const scratchBits = new Int32Array(scratchFloat.buffer);

/** exp(x) for a canonical x. */
export function expOf(x: number): number {
  if (x >= UPPER) return LARGEST;
  if (x <= LOWER) return 0;
  const k = roundHalfEven(mul(x, INVERSE_LN2));
  const r = sub(sub(x, mul(k, LN2_HIGH)), mul(k, LN2_LOW));
  let p = C7;
  p = add(mul(p, r), C6);
  p = add(mul(p, r), C5);
  p = add(mul(p, r), C4);
  p = add(mul(p, r), C3);
  p = add(mul(p, r), C2);
  p = mul(p, mul(r, r));
  p = add(add(p, r), 1);
  // p is in [0.70, 1.42] and −97 < k ≤ 60, so adding k to the exponent field stays a normal f32.
  scratchFloat[0] = p;
  scratchBits[0] += k << 23;
  return canon(scratchFloat[0]);
}
