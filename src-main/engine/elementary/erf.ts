/**
 * Decides the error function on one canonical number: a polynomial near 0, 1 − exp of a polynomial
 * elsewhere. Written out in NUMERICS.md, "erf"; error below 2 ulp.
 */
import { floatOfBits } from "../canon.ts";
import { add, mul, sub } from "../primitives.ts";
import { expOf } from "./exp.ts";

/** 475/512: where the two polynomials meet. */
const NEAR = floatOfBits(0x3f6d8000);
/** erf of it and of all above rounds to 1 (1 − erf(4) = 1.5e-8). */
const FAR = 4;

const coefficients = (bits: readonly number[]): Float32Array =>
  Float32Array.from(bits, floatOfBits);

/** Minimax coefficients of erf(x)/x − 1 in x², then of log(1 − erf(x))/x + 1 in x (N. Juffa). */
const INNER = coefficients([
  0xba1c7000, 0x3ba38d2c, 0xbcdb48d9, 0x3de70e22, 0xbec09380, 0x3e0375d4,
]);
const OUTER = coefficients([
  0xb7910000, 0x39c8e7d9, 0xbb7e8a1c, 0x3cc6b1a1, 0xbddaae5c, 0xbf228550, 0xbe03ce86,
]);

/** Horner's rule, highest coefficient first. */
function polynomial(values: Float32Array, x: number): number {
  let p = values[0];
  for (let i = 1; i < values.length; i += 1) p = add(mul(p, x), values[i]);
  return p;
}

/** erf(x) for a canonical x. */
export function erfOf(x: number): number {
  const t = Math.abs(x);
  if (t <= NEAR) return add(mul(polynomial(INNER, mul(x, x)), x), x);
  const y = t >= FAR ? 1 : sub(1, expOf(sub(mul(polynomial(OUTER, t), t), t)));
  return x < 0 ? -y : y;
}
