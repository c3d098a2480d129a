/**
 * Decides the Gaussian error linear unit, exact erf form, and its derivative on one canonical
 * number, in primitives, erf and exp alone. Written out in NUMERICS.md, "GELU" (Hendrycks and
 * Gimpel 2016, arXiv 1606.08415).
 */
import { floatOfBits } from "../canon.ts";
import { add, mul } from "../primitives.ts";
import { erfOf } from "./erf.ts";
import { expOf } from "./exp.ts";

/** √½. */
const ROOT_HALF = floatOfBits(0x3f3504f3);
/** 1/√(2π). */
const DENSITY_SCALE = floatOfBits(0x3ecc422a);

/** Φ(x), the share of a normal distribution below x. */
function normalShare(x: number): number {
  return mul(add(erfOf(mul(x, ROOT_HALF)), 1), 0.5);
}

/** x·Φ(x) for a canonical x. */
export function geluOf(x: number): number {
  return mul(x, normalShare(x));
}

/** Φ(x) + x·φ(x) for a canonical x. */
export function geluSlopeOf(x: number): number {
  const density = mul(expOf(mul(mul(x, x), -0.5)), DENSITY_SCALE);
  return add(normalShare(x), mul(x, density));
}
